package dev.lockstep.cutover.demo;

/** A row of the application's own is not as its last acknowledged commit left it. */
final class LostUpdateException extends Exception {

    private static final long serialVersionUID = 1;

    private final ShopTable table;
    private final long key;
    private final long promised;

    LostUpdateException(ShopTable table, long key, long promised) {
        super(table.id() + " " + table.display(key));
        this.table = table;
        this.key = key;
        this.promised = promised;
    }

    ShopTable table() {
        return table;
    }

    long key() {
        return key;
    }

    long promised() {
        return promised;
    }
}
