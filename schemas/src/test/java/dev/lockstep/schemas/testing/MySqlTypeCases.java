package dev.lockstep.schemas.testing;

import static dev.lockstep.schemas.testing.TypeCase.of;
import static dev.lockstep.schemas.testing.TypeCase.refused;

import dev.lockstep.schemas.table.Kind;
import java.util.ArrayList;
import java.util.List;

/** The types of MySQL and MariaDB with values at their edges. */
public final class MySqlTypeCases {

    private MySqlTypeCases() {}

    private static final List<TypeCase> BOTH = List.of(
            of("tinyint", Kind.NUMBER, "smallint", "tinyint", "-128", "0", "127"),
            of("tinyint unsigned", Kind.NUMBER, "smallint", "tinyint unsigned", "0", "128", "255"),
            of("tinyint(1)", Kind.NUMBER, "smallint", "tinyint(1)", "0", "1", "2", "-128"),
            of("boolean", Kind.NUMBER, "boolean", "tinyint(1)", "false", "true"),
            of("smallint", Kind.NUMBER, "smallint", "smallint", "-32768", "32767"),
            of("smallint unsigned", Kind.NUMBER, "integer", "smallint unsigned", "32768", "65535"),
            of("mediumint", Kind.NUMBER, "integer", "mediumint", "-8388608", "8388607"),
            of("mediumint unsigned", Kind.NUMBER, "integer", "mediumint unsigned", "8388608", "16777215"),
            of("int", Kind.NUMBER, "integer", "int", "-2147483648", "2147483647"),
            of("int unsigned zerofill", Kind.NUMBER, "bigint", "int unsigned", "1", "2147483648", "4294967295"),
            of("bigint", Kind.NUMBER, "bigint", "bigint", "-9223372036854775808", "9223372036854775807"),
            of(
                    "bigint unsigned",
                    Kind.NUMBER,
                    "numeric(20,0)",
                    "bigint unsigned",
                    "0",
                    "9223372036854775808",
                    "18446744073709551615"),
            of(
                    "decimal(65,30)",
                    Kind.NUMBER,
                    "numeric(65,30)",
                    "decimal(65,30)",
                    "99999999999999999999999999999999999.999999999999999999999999999999",
                    "-0.000000000000000000000000000001",
                    "1.10"),
            of("decimal(12,2) unsigned", Kind.NUMBER, "numeric(12,2)", "decimal(12,2)", "0.01", "9999999999.99"),
            of("year", Kind.NUMBER, "smallint", "year", "0", "1901", "2155", "2000"),
            of("bit(1)", Kind.NUMBER, "boolean", "bit(1)", "b'0'", "b'1'"),
            of("bit(3)", Kind.BITS, "bit(3)", "bit(3)", "b'0'", "b'1'", "b'100'", "b'111'"),
            of("bit(8)", Kind.BITS, "bit(8)", "bit(8)", "b'0'", "b'10000001'"),
            of(
                    "bit(64)",
                    Kind.BITS,
                    "bit(64)",
                    "bit(64)",
                    "b'0'",
                    "b'1'",
                    "18446744073709551615",
                    "9223372036854775808",
                    "b'100000000'"),
            of(
                    "float",
                    Kind.FLOAT,
                    "real",
                    "float",
                    "0",
                    "-0e0",
                    "0.1",
                    "16777217.1",
                    "3.402823466e38",
                    "1.17549435e-38"),
            of(
                    "double",
                    Kind.DOUBLE,
                    "double precision",
                    "double",
                    "0",
                    "-0e0",
                    "0.1",
                    "1.7976931348623157e308",
                    "2.2250738585072014e-308",
                    "1e23"),
            of("double(10,2)", Kind.DOUBLE, "double precision", "double(10,2)", "1.25", "-0.01"),
            of("float(7,3)", Kind.FLOAT, "real", "float(7,3)", "1.25", "-0.001"),
            of("char(5)", Kind.PADDED_TEXT, "character(5)", "char(5)", "''", "'ab'", "' x'", "'ü'"),
            of(
                    "varchar(20)",
                    Kind.TEXT,
                    "character varying(20)",
                    "varchar(20)",
                    "''",
                    "'x'",
                    "'x  '",
                    "'it''s \\\\ \"'",
                    "'\uD83D\uDE80'"),
            of("varchar(20) collate utf8mb4_bin", Kind.TEXT, "text", "varchar(20)", "'x'", "~'a\\0b'"),
            of("tinytext", Kind.TEXT, "text", "tinytext", "''", "'x'"),
            of("text", Kind.TEXT, "text", "text", "''", "'NULL'", "'x '"),
            of("mediumtext", Kind.TEXT, "text", "mediumtext", "'x'"),
            of("longtext", Kind.TEXT, "text", "longtext", "'x'", "repeat('ä', 70000)"),
            of("varchar(20) character set utf8mb3", Kind.TEXT, "text", "varchar(20)", "'ü'", "'中'"),
            of(
                    "varchar(300) character set latin1",
                    Kind.TEXT,
                    "text",
                    "varchar(300)",
                    "'ü'",
                    "'€'",
                    latin1(0x80, 0x9f),
                    latin1(0xa0, 0xff)),
            of("char(5) character set latin1", Kind.PADDED_TEXT, "text", "char(5)", "'ü'", "'€'"),
            of("text character set gbk", Kind.TEXT, "text", "text", "'中文'", "'丂'", "'狛狜'"),
            of("varchar(20) character set cp1251", Kind.TEXT, "text", "varchar(20)", "'Ж'", "'ё№'"),
            of("varchar(20) character set ucs2", Kind.TEXT, "text", "varchar(20)", "'中'", "'ü'"),
            of("varchar(20) character set utf16", Kind.TEXT, "text", "varchar(20)", "'\uD83D\uDE80'", "'ü'"),
            refused("varchar(20) character set sjis"),
            of("varchar(20) character set latin2", Kind.TEXT, "text", "varchar(20)", "'Łódź'", "'ě'"),
            of("varchar(20) character set ascii", Kind.TEXT, "text", "varchar(20)", "'x'", "'~'"),
            of(
                    "binary(4)",
                    Kind.BINARY,
                    "bytea",
                    "binary(4)",
                    "x'00000000'",
                    "x'01020000'",
                    "x'ffffffff'",
                    "x'00000001'"),
            of("varbinary(10)", Kind.BINARY, "bytea", "varbinary(10)", "x''", "x'00'", "x'0000'", "x'ff00'"),
            of("tinyblob", Kind.BINARY, "bytea", "tinyblob", "x''", "x'00'"),
            of("blob", Kind.BINARY, "bytea", "blob", "x''", "x'00ff'"),
            of("longblob", Kind.BINARY, "bytea", "longblob", "repeat(x'ab00', 40000)", "x'00'"),
            of(
                    "enum('a','it''s','b,c','ü','')",
                    Kind.TEXT,
                    "text",
                    "enum('a','it''s','b,c','ü','')",
                    "'a'",
                    "'it''s'",
                    "'b,c'",
                    "'ü'",
                    "''"),
            of(
                    "enum('\u00fc','\u20ac') character set latin1",
                    Kind.TEXT,
                    "text",
                    "enum('\u00fc','\u20ac')",
                    "'\u00fc'",
                    "'\u20ac'"),
            of("set('a','b','it''s')", Kind.TEXT, "text", "set('a','b','it''s')", "''", "'a'", "'a,b'", "'b,it''s'"),
            of(
                    "date",
                    Kind.DATE,
                    "date",
                    "date",
                    "'1969-12-31'",
                    "'1000-01-01'",
                    "'9999-12-31'",
                    "'1582-10-10'",
                    "~'0000-00-00'",
                    "~'2021-00-01'",
                    "~'2021-01-00'",
                    "~'2021-02-31'",
                    "~'0000-01-01'",
                    "'0021-01-01'"),
            of(
                    "time",
                    Kind.TIME,
                    null,
                    "time",
                    "'-838:59:59'",
                    "'838:59:59'",
                    "'24:00:00'",
                    "'00:00:00'",
                    "'-00:00:01'"),
            of(
                    "time(6)",
                    Kind.TIME,
                    null,
                    "time(6)",
                    "'-838:59:58.999999'",
                    "'838:59:58.000001'",
                    "'-00:00:00.000001'",
                    "'00:00:00.1'"),
            of("time(3)", Kind.TIME, "time(3)", "time(3)", "'23:59:59.999'", "'24:00:00'", "'00:00:00.001'"),
            of(
                    "datetime",
                    Kind.LOCAL_TIMESTAMP,
                    "timestamp",
                    "datetime",
                    "'1969-12-31 23:59:59'",
                    "'1000-01-01'",
                    "'9999-12-31 23:59:59'",
                    "'2021-03-28 02:30:00'",
                    "'1970-01-01'",
                    "~'0000-00-00 00:00:00'",
                    "~'2021-00-01 10:00:00'",
                    "~'0000-01-01 00:00:01'",
                    "'0069-01-01 00:00:00'"),
            of(
                    "datetime(6)",
                    Kind.LOCAL_TIMESTAMP,
                    "timestamp",
                    "datetime(6)",
                    "'1969-12-31 23:59:59.999999'",
                    "'9999-12-31 23:59:59.999999'",
                    "'2021-03-28 02:30:00.000001'",
                    "~'0000-00-00 00:00:00'",
                    "~'2021-01-00 10:00:00.5'",
                    "'0099-12-31 23:59:59.000001'"),
            of(
                    "datetime(3)",
                    Kind.LOCAL_TIMESTAMP,
                    "timestamp(3)",
                    "datetime(3)",
                    "'1969-12-31 23:59:59.999'",
                    "'2021-03-28 02:30:00.001'"),
            of(
                    "timestamp",
                    Kind.INSTANT,
                    "timestamptz",
                    "timestamp",
                    "'1970-01-01 00:00:01'",
                    "'2021-03-28 02:30:00'",
                    "'2038-01-19 03:14:07'",
                    "~'0000-00-00'"),
            of(
                    "timestamp(6)",
                    Kind.INSTANT,
                    "timestamptz",
                    "timestamp(6)",
                    "'1970-01-01 00:00:01.000001'",
                    "'2021-10-31 02:30:00.999999'",
                    "~'0000-00-00'"),
            of("timestamp(3)", Kind.INSTANT, "timestamptz(3)", "timestamp(3)", "'1970-01-01 00:00:01.001'"),
            of(
                    "json",
                    Kind.JSON,
                    "jsonb",
                    "json",
                    "'{\"b\": 1.0, \"a\": [true, null, \"\\\\u00e4\"]}'",
                    "'{\"a\": 1, \"c\": 2}'",
                    "'12345678901234567'",
                    "'18446744073709551615'",
                    "'1e300'",
                    "'0.1'",
                    "'-0.0'",
                    "'\"\"'",
                    "'null'",
                    "'[]'",
                    "'{}'",
                    "'\"\\\\\\\\ \\\\\" \\\\n \uD83D\uDE80\"'",
                    "'[1.5, -1, 3000000000, \"x\"]'"),
            of(
                    "geometry",
                    Kind.GEOMETRY,
                    null,
                    "geometry",
                    "st_geomfromtext('POINT(1 2)')",
                    "st_geomfromtext('LINESTRING(0 0, 1 1.5)', 4326)"),
            of(
                    "point",
                    Kind.GEOMETRY,
                    null,
                    "point",
                    "st_geomfromtext('POINT(1 2)')",
                    "st_geomfromtext('POINT(1 2)', 4326)"),
            of("polygon", Kind.GEOMETRY, null, "polygon", "st_geomfromtext('POLYGON((0 0, 1 0, 1 1, 0 0))')"),
            of(
                    "geometrycollection",
                    Kind.GEOMETRY,
                    null,
                    "geometrycollection",
                    "st_geomfromtext('GEOMETRYCOLLECTION(POINT(1 2), LINESTRING(0 0, 1 1))')"));

    public static final List<TypeCase> MYSQL =
            plus(of("json", Kind.JSON, "jsonb", "json", "cast(1.10 as json)", "cast(1e-7 as json)"));

    /** What MariaDB has and MySQL has not. */
    public static final List<TypeCase> MARIADB_ALONE = List.of(
            of(
                    "uuid",
                    Kind.UUID,
                    "uuid",
                    "char(36)",
                    "'00000000-0000-0000-0000-000000000000'",
                    "'FFFFFFFF-0000-1000-8000-00805F9B34FB'"),
            refused("inet6"),
            refused("inet4"));

    public static final List<TypeCase> MARIADB = plus(MARIADB_ALONE.toArray(new TypeCase[0]));

    private static List<TypeCase> plus(TypeCase... more) {
        List<TypeCase> all = new ArrayList<>(BOTH);
        all.addAll(List.of(more));
        return List.copyOf(all);
    }

    /** Every octet of a range, as the character set has it. */
    private static String latin1(int from, int to) {
        StringBuilder hex = new StringBuilder("_latin1 x'");
        for (int octet = from; octet <= to; octet++) hex.append("%02x".formatted(octet));
        return hex.append('\'').toString();
    }
}
