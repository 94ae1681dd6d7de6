package dev.lockstep.stream.prove;

import java.io.IOException;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** A record for a topic; without a value, a tombstone. */
record Message(String topic, byte[] key, byte @Nullable [] value) {

    static final TypeInformation<Message> TYPE = new WireType<>(Message.class, new Serializer());

    /** Public because Flink makes it by name. */
    public static final class Serializer extends WireSerializer<Message> {

        private static final long serialVersionUID = 1;

        @Override
        public void serialize(Message message, DataOutputView target) throws IOException {
            target.writeUTF(message.topic);
            writeBytes(message.key, target);
            target.writeBoolean(message.value != null);
            if (message.value != null) writeBytes(message.value, target);
        }

        @Override
        public Message deserialize(DataInputView source) throws IOException {
            return new Message(source.readUTF(), readBytes(source), source.readBoolean() ? readBytes(source) : null);
        }
    }

    /** Each message says where it goes. */
    static final class ToTopic implements KafkaRecordSerializationSchema<Message> {

        private static final long serialVersionUID = 1;

        @Override
        public ProducerRecord<byte[], byte[]> serialize(Message message, KafkaSinkContext context, Long timestamp) {
            return new ProducerRecord<>(message.topic, message.key, message.value);
        }
    }
}
