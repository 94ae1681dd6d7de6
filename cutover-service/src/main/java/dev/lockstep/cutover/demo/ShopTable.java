package dev.lockstep.cutover.demo;

/** The shop's tables, parents first, and how the ledger names a row of each by one number. */
enum ShopTable {
    CUSTOMERS("customers", "id"),
    PRODUCTS("products", "id"),
    INVENTORY("inventory", "product_id"),
    ORDERS("orders", "id"),
    ORDER_ITEMS("order_items", "order_id * 64 + line_no") {
        @Override
        String display(long key) {
            return "(" + key / LINES + ", " + key % LINES + ")";
        }
    },
    PAYMENTS("payments", "id");

    private static final int LINES = 64;

    private final String table;
    private final String key;

    ShopTable(String table, String key) {
        this.table = table;
        this.key = key;
    }

    /** A line of an order, numbered from 1 and below 64. */
    static long item(long order, int line) {
        return order * LINES + line;
    }

    /** {@code schema.table}, as messages and reports spell it. */
    String id() {
        return Shop.SCHEMA + "." + table;
    }

    String table() {
        return table;
    }

    /** The SQL expression of a row's number. */
    String key() {
        return key;
    }

    /** The primary key for people, as mismatches spell it. */
    String display(long key) {
        return "(" + key + ")";
    }
}
