package io.debezium.connector.mariadb;

import dev.lockstep.ingest.guard.ReplacedTables;
import io.debezium.config.CommonConnectorConfig;
import io.debezium.connector.binlog.BinlogConnectorConfig;
import io.debezium.connector.binlog.BinlogDatabaseSchema;
import io.debezium.connector.binlog.charset.BinlogCharsetRegistry;
import io.debezium.connector.common.CdcSourceTaskContext;
import io.debezium.connector.mariadb.jdbc.MariaDbDefaultValueConverter;
import io.debezium.connector.mariadb.jdbc.MariaDbValueConverters;
import io.debezium.relational.CustomConverterRegistry;
import io.debezium.relational.TableId;
import io.debezium.relational.ddl.DdlParser;
import io.debezium.schema.SchemaNameAdjuster;
import io.debezium.spi.topic.TopicNamingStrategy;

/**
 * Stands in the place of Debezium's class of this name, which makes its parser by itself, and that one overlooks {@code create or replace
 * table}: this one makes {@link ReplacedTables}.
 */
public class MariaDbDatabaseSchema
        extends BinlogDatabaseSchema<
                MariaDbPartition, MariaDbOffsetContext, MariaDbValueConverters, MariaDbDefaultValueConverter> {

    /** Tells this class from Debezium's own. */
    public static final boolean SEES_REPLACED_TABLES = true;

    public MariaDbDatabaseSchema(
            MariaDbConnectorConfig config,
            MariaDbValueConverters values,
            TopicNamingStrategy<TableId> topics,
            SchemaNameAdjuster names,
            boolean ignoresCase,
            CustomConverterRegistry converters,
            CdcSourceTaskContext<? extends CommonConnectorConfig> context) {
        super(
                config,
                values,
                new MariaDbDefaultValueConverter(values),
                topics,
                names,
                ignoresCase,
                converters,
                context);
    }

    @Override
    protected DdlParser createDdlParser(BinlogConnectorConfig config, MariaDbValueConverters values) {
        return new ReplacedTables(
                config.isSchemaChangesHistoryEnabled(),
                getTableFilter(),
                config.getServiceRegistry().getService(BinlogCharsetRegistry.class));
    }
}
