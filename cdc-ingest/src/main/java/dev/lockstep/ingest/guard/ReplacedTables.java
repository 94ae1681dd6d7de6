package dev.lockstep.ingest.guard;

import io.debezium.antlr.AntlrDdlParserListener;
import io.debezium.connector.binlog.charset.BinlogCharsetRegistry;
import io.debezium.connector.mariadb.antlr.MariaDbAntlrDdlParser;
import io.debezium.connector.mariadb.antlr.listener.MariaDbAntlrDdlParserListener;
import io.debezium.ddl.parser.mariadb.generated.MariaDBParser;
import io.debezium.relational.TableId;
import io.debezium.relational.Tables.TableFilter;
import org.antlr.v4.runtime.ParserRuleContext;

/**
 * Debezium's parser of MariaDB's statements, which takes a {@code create} of a table that it knows for one that did nothing. With {@code or
 * replace} all rows are gone, and the columns may be others. So the table is forgotten first.
 */
public final class ReplacedTables extends MariaDbAntlrDdlParser {

    public ReplacedTables(boolean withComments, TableFilter filter, BinlogCharsetRegistry charsets) {
        super(true, false, withComments, filter, charsets);
    }

    @Override
    protected AntlrDdlParserListener createParseTreeWalkerListener() {
        return new MariaDbAntlrDdlParserListener(this) {
            @Override
            public void enterEveryRule(ParserRuleContext rule) {
                forget(rule);
                super.enterEveryRule(rule);
            }
        };
    }

    private void forget(ParserRuleContext rule) {
        if (rule instanceof MariaDBParser.ColumnCreateTableContext create && create.orReplace() != null) {
            databaseTables()
                    .removeTable(parseQualifiedTableId(create.tableName().fullId()));
        } else if (rule instanceof MariaDBParser.QueryCreateTableContext create && create.orReplace() != null) {
            tell(parseQualifiedTableId(create.tableName().fullId()), rule);
        } else if (rule instanceof MariaDBParser.CopyCreateTableContext create && create.orReplace() != null) {
            tell(parseQualifiedTableId(create.tableName(0).fullId()), rule);
        }
    }

    /** Its columns stand elsewhere, maybe in a table that is not known; the guard stops at the statement, before its rows. */
    private void tell(TableId table, ParserRuleContext rule) {
        if (databaseTables().forTable(table) != null) signalAlterTable(table, null, rule);
    }
}
