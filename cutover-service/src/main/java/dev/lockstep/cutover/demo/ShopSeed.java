package dev.lockstep.cutover.demo;

import dev.lockstep.schemas.row.Texts;
import dev.lockstep.schemas.table.Dialect;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;

/** Makes the shop's first rows. The random source alone decides their content, so the same seed makes the same shop. */
final class ShopSeed {

    private static final long OPENED = Texts.micros(LocalDateTime.parse("2024-01-01T00:00:00"));
    private static final long TWO_YEARS = 63_072_000_000_000L;
    private static final String[] STATUSES = {"paid", "packed", "shipped", "delivered", "delivered", "cancelled"};

    private final Dialect dialect;
    private final SplittableRandom random;
    private final long customers;
    private final int products;
    private final long orders;
    private final long[] cents;
    private final SeedTable customerRows;
    private final SeedTable productRows;
    private final SeedTable inventoryRows;
    private final SeedTable orderRows;
    private final SeedTable itemRows;
    private final SeedTable paymentRows;

    /** Of 100 rows 12 are customers, 2 products, 2 their inventory, 21 orders, 21 payments, and about 42 order items. */
    ShopSeed(Connection connection, Dialect dialect, long rows, long seed) {
        this.dialect = dialect;
        random = new SplittableRandom(seed);
        customers = Math.max(20, rows * 12 / 100);
        products = (int) Math.min(1_000_000, Math.max(20, rows * 2 / 100));
        orders = Math.max(20, rows * 21 / 100);
        cents = new long[products + 1];
        customerRows = new SeedTable(connection, ShopTable.CUSTOMERS);
        productRows = new SeedTable(connection, ShopTable.PRODUCTS);
        inventoryRows = new SeedTable(connection, ShopTable.INVENTORY, productRows);
        orderRows = new SeedTable(connection, ShopTable.ORDERS);
        itemRows = new SeedTable(connection, ShopTable.ORDER_ITEMS, orderRows);
        paymentRows = new SeedTable(connection, ShopTable.PAYMENTS, orderRows);
    }

    void run() throws SQLException {
        for (long id = 1; id <= customers; id++) customer(id);
        customerRows.flush();
        for (int id = 1; id <= products; id++) product(id);
        inventoryRows.flush();
        for (long id = 1; id <= orders; id++) order(id);
        itemRows.flush();
        paymentRows.flush();
    }

    private void customer(long id) throws SQLException {
        String birth = random.nextInt(4) == 0
                ? "null"
                : text(LocalDate.of(1945, 1, 1).plusDays(random.nextInt(22_000)).toString());
        customerRows.add(
                id,
                text(ShopWords.email(id)),
                text(ShopWords.name(random)),
                random.nextInt(3) == 0 ? "null" : text(ShopWords.phone(random)),
                text(ShopWords.pick(ShopWords.COUNTRIES, random)),
                birth,
                random.nextBoolean(),
                random.nextDouble() * 1000,
                text(ShopWords.preferences(random)),
                instant(),
                1);
    }

    private void product(int id) throws SQLException {
        cents[id] = 99 + random.nextInt(50_000);
        productRows.add(
                id,
                text("SKU-%010d".formatted(id)),
                text(ShopWords.product(random)),
                random.nextInt(10) == 0 ? "null" : text(ShopWords.description(random)),
                BigDecimal.valueOf(cents[id], 2),
                random.nextInt(5) == 0 ? "null" : random.nextDouble() * 30,
                random.nextInt(20) != 0,
                random.nextInt(6) == 0 ? "null" : text(ShopWords.attributes(random)),
                random.nextInt(3) == 0 ? "null" : bytes(16 + random.nextInt(120)),
                random.nextInt(4) == 0
                        ? "null"
                        : text(LocalDate.of(2015, 1, 1)
                                .plusDays(random.nextInt(4000))
                                .toString()),
                instant(),
                1);
        inventoryRows.add(
                id, text(ShopWords.pick(ShopWords.WAREHOUSES, random)), 10 + random.nextInt(5000), wallClock(), 1);
    }

    private void order(long id) throws SQLException {
        List<Object[]> items = items(id);
        long total = 0;
        for (Object[] item : items) total += cents[(int) item[2]] * (int) item[3];
        String placed = instant();
        orderRows.add(
                id,
                1 + random.nextLong(customers),
                text(ShopWords.pick(STATUSES, random)),
                BigDecimal.valueOf(total, 2),
                text(ShopWords.pick(ShopWords.CURRENCIES, random)),
                random.nextInt(3) == 0 ? text(ShopWords.note(random)) : "null",
                text(ShopWords.shipping(random)),
                random.nextInt(8) == 0,
                placed,
                random.nextInt(2) == 0 ? "null" : wallClock(),
                1);
        for (Object[] item : items) itemRows.add(item);
        payment(id, total, placed);
    }

    /** Order, line, product, quantity, price, discount, version. */
    private List<Object[]> items(long order) {
        List<Object[]> items = new ArrayList<>();
        for (int line = 1 + random.nextInt(3); line >= 1; line--) {
            int product = 1 + random.nextInt(products);
            BigDecimal discount = BigDecimal.valueOf(random.nextInt(4) == 0 ? random.nextInt(2500) : 0, 4);
            items.add(new Object[] {
                order, line, product, 1 + random.nextInt(4), BigDecimal.valueOf(cents[product], 2), discount, 1
            });
        }
        return items;
    }

    private void payment(long order, long total, String placed) throws SQLException {
        boolean captured = random.nextInt(5) != 0;
        paymentRows.add(
                order,
                order,
                text(ShopWords.pick(ShopWords.METHODS, random)),
                BigDecimal.valueOf(total, 2),
                BigDecimal.valueOf(total * 290L, 6),
                captured,
                captured ? text("PAY-" + Long.toHexString(random.nextLong())) : "null",
                bytes(16),
                captured ? placed : "null",
                1);
    }

    private String text(String value) {
        return dialect.literal(value);
    }

    private String bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        String hex = HexFormat.of().formatHex(bytes);
        return Shop.isPostgres(dialect) ? "'\\x" + hex + "'" : "x'" + hex + "'";
    }

    /** A point in time of the shop's first two years. MySQL takes it in the session's zone, which is UTC. */
    private String instant() {
        String utc = Texts.timestamp(OPENED + random.nextLong(TWO_YEARS));
        return Shop.isPostgres(dialect) ? "'" + utc + "+00'" : "'" + utc + "'";
    }

    private String wallClock() {
        return "'" + Texts.timestamp(OPENED + random.nextLong(TWO_YEARS)) + "'";
    }
}
