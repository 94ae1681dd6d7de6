package dev.lockstep.ingest.preflight;

import static dev.lockstep.ingest.preflight.Finding.fail;
import static dev.lockstep.ingest.preflight.Finding.pass;
import static dev.lockstep.ingest.preflight.Finding.warn;

import dev.lockstep.ingest.canonical.ChangeEventTransform;
import dev.lockstep.ingest.preflight.KafkaFacts.Connect;
import dev.lockstep.ingest.preflight.KafkaFacts.Topic;
import dev.lockstep.schemas.message.LargestMessage;
import dev.lockstep.schemas.message.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What must hold of the team's own Kafka and Connect. Pure. */
final class KafkaRequirements {

    private static final Map<String, String> CONNECTORS = Map.of(
            "postgresql", "io.debezium.connector.postgresql.PostgresConnector",
            "mysql", "io.debezium.connector.mysql.MySqlConnector",
            "mariadb", "io.debezium.connector.mariadb.MariaDbConnector");

    private final KafkaFacts facts;
    private final Topics names;
    private final List<Finding> findings = new ArrayList<>();

    private KafkaRequirements(KafkaFacts facts, Topics names) {
        this.facts = facts;
        this.names = names;
    }

    static String connector(String engine) {
        return String.valueOf(CONNECTORS.get(engine));
    }

    /**
     * @param engines of both databases
     */
    static List<Finding> judge(KafkaFacts facts, Topics names, Set<String> engines) {
        KafkaRequirements requirements = new KafkaRequirements(facts, names);
        requirements.transactions();
        for (String topic : List.of(names.sourceChanges(), names.targetChanges(), names.journal()))
            requirements.keepsAll(topic);
        if (facts.connect() != null) requirements.connect(facts.connect(), engines);
        if (requirements.findings.stream().noneMatch(f -> f.level() == Finding.Level.FAIL))
            requirements.findings.add(pass("kafka", facts.brokers() + " brokers, cluster " + facts.clusterId()));
        return requirements.findings;
    }

    private void transactions() {
        for (String setting : List.of("transaction.state.log.replication.factor", "transaction.state.log.min.isr"))
            if (number(facts.broker(), setting, 1) > facts.brokers())
                findings.add(fail(
                        "kafka",
                        setting + " is " + facts.broker().get(setting) + ", but there are " + facts.brokers()
                                + " brokers: no transaction can begin, and without them nothing is exactly once",
                        "start more brokers, or lower " + setting));
        if (facts.brokers() > 2 && number(facts.broker(), "default.replication.factor", 1) < 2)
            findings.add(warn(
                    "kafka",
                    "default.replication.factor is 1: the migration's topics would be lost with one broker",
                    "set default.replication.factor = 3 and min.insync.replicas = 2 before the first run"));
    }

    /** A topic that is not there yet will be made right. */
    private void keepsAll(String name) {
        Topic topic = facts.topics().get(name);
        if (topic == null) return;
        String alter = "kafka-configs --alter --entity-type topics --entity-name " + name + " --add-config ";
        if (!"delete".equals(topic.settings().get("cleanup.policy")))
            findings.add(fail(
                    name,
                    "cleanup.policy is " + topic.settings().get("cleanup.policy") + ": changes would be thrown away",
                    alter + "cleanup.policy=delete"));
        for (String limit : List.of("retention.ms", "retention.bytes"))
            if (number(topic.settings(), limit, -1) >= 0)
                findings.add(fail(
                        name,
                        limit + " is " + topic.settings().get(limit)
                                + ": changes would be thrown away before they are applied",
                        alter + limit + "=-1"));
        if (number(topic.settings(), "max.message.bytes", LargestMessage.BYTES) < LargestMessage.BYTES)
            findings.add(warn(
                    name,
                    "max.message.bytes is " + topic.settings().get("max.message.bytes")
                            + ": a larger row stops the capture",
                    alter + "max.message.bytes=" + LargestMessage.BYTES));
    }

    private void connect(Connect connect, Set<String> engines) {
        if (!connect.clusterId().equals(facts.clusterId()))
            findings.add(fail(
                    "connect",
                    "works on Kafka cluster " + connect.clusterId() + ", but kafka.bootstrap is cluster "
                            + facts.clusterId(),
                    "name the Kafka that the Connect cluster works on"));
        for (String engine : engines) plugin(connect, connector(engine), "Debezium's connector for " + engine);
        plugin(connect, ChangeEventTransform.class.getName(), "Lockstep's transform (cdc-ingest and schemas)");
        for (String error : connect.exactlyOnce())
            findings.add(fail(
                    "connect", error, "set exactly.once.source.support = enabled on every worker, as KIP-618 says"));
    }

    private void plugin(Connect connect, String name, String what) {
        if (!connect.plugins().contains(name))
            findings.add(fail(
                    "connect",
                    "its workers do not have " + what + " (" + name + ")",
                    "put it on plugin.path of every worker, and restart them"));
    }

    private static long number(Map<String, String> settings, String name, long otherwise) {
        String value = settings.get(name);
        return value == null ? otherwise : Long.parseLong(value);
    }
}
