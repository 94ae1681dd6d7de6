package dev.lockstep.cutover.demo;

import dev.lockstep.schemas.message.Micros;
import dev.lockstep.schemas.row.Texts;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;

/** What one worker of the application does, one transaction after the other, on rows of its own. Not thread-safe. */
final class Shopping {

    private record Order(long id, long payment) {}

    private record Customer(long id, String email) {}

    /** The mail domain of the customers that a load makes, and may delete. */
    static final String NEW_CUSTOMERS = "example.org";

    private static final String CUSTOMER =
            "email, name, phone, country, birth_date, newsletter, loyalty_score, preferences, created_at";
    private static final String ORDER =
            "customer_id, status, total, currency, note, shipping, gift, placed_at, delivery_slot";
    private static final String PAYMENT = "order_id, method, amount, fee, captured, reference, token, paid_at";
    private static final String[] STEPS = {"packed", "shipped", "delivered", "cancelled"};

    private final SeededShop seeded;
    private final SeededShop.Share share;
    private final Random random;
    private final Clock clock;
    /** Customers that this worker made, without orders; orders that it made. Only the newest are remembered. */
    private final Recent<Customer> customers = new Recent<>();

    private final Recent<Order> orders = new Recent<>();

    Shopping(SeededShop seeded, SeededShop.Share share, Random random, Clock clock) {
        this.seeded = seeded;
        this.share = share;
        this.random = random;
        this.clock = clock;
    }

    /** Writes the next transaction's rows, at least one, uncommitted. */
    void next(RowWriter rows) throws SQLException, LostUpdateException {
        int dice = random.nextInt(100);
        if (dice < 30) placeOrder(rows);
        else if (dice < 42) payOrder(rows);
        else if (dice < 52) advanceOrder(rows);
        else if (dice < 67) changePrice(rows);
        else if (dice < 79) register(rows);
        else if (dice < 87) changeCustomer(rows);
        else if (dice < 92) leave(rows, false);
        else if (dice < 94) leave(rows, true);
        else describeProduct(rows);
        if (rows.writes().rows().isEmpty()) register(rows);
    }

    private void placeOrder(RowWriter rows) throws SQLException, LostUpdateException {
        OptionalLong customer = seeded.customer(share, random);
        List<Long> products = products();
        if (customer.isEmpty() || products.isEmpty()) return;
        int cents = 100 + random.nextInt(100_000);
        BigDecimal price = BigDecimal.valueOf(cents, 2);
        BigDecimal total = price.multiply(BigDecimal.valueOf(products.size()));
        long order = rows.insert(
                ShopTable.ORDERS,
                ORDER,
                customer.getAsLong(),
                "new",
                total,
                ShopWords.pick(ShopWords.CURRENCIES, random),
                random.nextInt(3) == 0 ? ShopWords.note(random) : null,
                ShopWords.shipping(random),
                random.nextInt(8) == 0,
                now(),
                random.nextBoolean() ? now() : null);
        for (int i = 0; i < products.size(); i++) {
            rows.insertItem(
                    order,
                    i + 1,
                    "product_id, quantity, unit_price, discount",
                    products.get(i),
                    1,
                    price,
                    BigDecimal.ZERO);
            rows.update(
                    ShopTable.INVENTORY,
                    products.get(i),
                    "quantity = case when quantity > 0 then quantity - 1 else 1000 end, counted_at = ?",
                    now());
        }
        String method = ShopWords.pick(ShopWords.METHODS, random);
        BigDecimal fee = BigDecimal.valueOf(cents * 290L, 6);
        long payment =
                rows.insert(ShopTable.PAYMENTS, PAYMENT, order, method, total, fee, false, null, bytes(16), null);
        rows.writes().whenAcknowledged(() -> orders.add(new Order(order, payment)));
    }

    private void payOrder(RowWriter rows) throws SQLException, LostUpdateException {
        if (orders.isEmpty()) return;
        Order order = orders.pick(random);
        rows.update(ShopTable.ORDERS, order.id(), "status = ?", "paid");
        String reference = "PAY-" + Long.toHexString(random.nextLong());
        rows.update(
                ShopTable.PAYMENTS,
                order.payment(),
                "captured = ?, reference = ?, paid_at = ?",
                true,
                reference,
                now());
    }

    private void advanceOrder(RowWriter rows) throws SQLException, LostUpdateException {
        OptionalLong order = seeded.order(share, random);
        if (order.isEmpty()) return;
        String note = random.nextInt(4) == 0 ? ShopWords.note(random) : null;
        rows.update(ShopTable.ORDERS, order.getAsLong(), "status = ?, note = ?", ShopWords.pick(STEPS, random), note);
    }

    private void changePrice(RowWriter rows) throws SQLException, LostUpdateException {
        OptionalLong product = seeded.product(share, random);
        if (product.isEmpty()) return;
        BigDecimal price = BigDecimal.valueOf(99 + random.nextInt(50_000), 2);
        rows.update(ShopTable.PRODUCTS, product.getAsLong(), "price = ?, updated_at = ?", price, now());
    }

    private void describeProduct(RowWriter rows) throws SQLException, LostUpdateException {
        OptionalLong product = seeded.product(share, random);
        if (product.isEmpty()) return;
        rows.update(
                ShopTable.PRODUCTS,
                product.getAsLong(),
                "description = ?, attributes = ?, thumbnail = ?, active = ?, weight_kg = ?",
                random.nextInt(8) == 0 ? null : ShopWords.description(random),
                random.nextInt(8) == 0 ? null : ShopWords.attributes(random),
                bytes(16 + random.nextInt(120)),
                random.nextBoolean(),
                random.nextDouble() * 30);
    }

    private void register(RowWriter rows) throws SQLException {
        register(rows, "new" + rows.writes().token() + "@" + NEW_CUSTOMERS);
    }

    private void register(RowWriter rows, String email) throws SQLException {
        long id = rows.insert(
                ShopTable.CUSTOMERS,
                CUSTOMER,
                email,
                ShopWords.name(random),
                random.nextInt(3) == 0 ? null : ShopWords.phone(random),
                ShopWords.pick(ShopWords.COUNTRIES, random),
                random.nextInt(3) == 0 ? null : Texts.date(random.nextInt(12_000)),
                random.nextBoolean(),
                random.nextDouble() * 1000,
                ShopWords.preferences(random),
                now());
        rows.writes().whenAcknowledged(() -> customers.add(new Customer(id, email)));
    }

    private void changeCustomer(RowWriter rows) throws SQLException, LostUpdateException {
        OptionalLong customer = seeded.customer(share, random);
        if (customer.isEmpty()) return;
        if (random.nextInt(4) == 0)
            rows.update(
                    ShopTable.CUSTOMERS,
                    customer.getAsLong(),
                    "email = ?",
                    "moved" + rows.writes().token() + "@example.net");
        else
            rows.update(
                    ShopTable.CUSTOMERS,
                    customer.getAsLong(),
                    "preferences = ?, loyalty_score = loyalty_score + ?, newsletter = ?, phone = ?",
                    ShopWords.preferences(random),
                    random.nextDouble(),
                    random.nextBoolean(),
                    random.nextBoolean() ? null : ShopWords.phone(random));
    }

    /**
     * A customer without orders leaves.
     *
     * @param back and registers again with the same address at once: a unique value is freed and taken within one transaction
     */
    private void leave(RowWriter rows, boolean back) throws SQLException, LostUpdateException {
        if (customers.isEmpty()) return;
        // Forgotten whatever comes of it: after a broken commit nobody knows whether there is such a row.
        Customer customer = customers.take(random);
        rows.delete(ShopTable.CUSTOMERS, customer.id());
        if (back) register(rows, customer.email());
    }

    /** One to four, in ascending order. */
    private List<Long> products() {
        Set<Long> products = new HashSet<>();
        for (int i = 1 + random.nextInt(4); i > 0; i--)
            seeded.product(share, random).ifPresent(products::add);
        return new ArrayList<>(products).stream().sorted().toList();
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private String now() {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        return Texts.timestamp(Micros.of(now));
    }
}
