package dev.lockstep.cutover.demo;

import java.sql.SQLException;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;

/**
 * The rows that were there before the load, dealt out to its workers by their ids.
 *
 * @param customers the greatest id, 0 where there is none; likewise the others
 */
record SeededShop(long customers, long products, long orders) {

    static SeededShop read(Sql sql) throws SQLException {
        return new SeededShop(
                // not those of an earlier load, which left gaps
                sql.number(
                        "select max(id) from shop.customers where email not like '%@" + Shopping.NEW_CUSTOMERS + "'"),
                sql.number("select max(id) from shop.products"),
                sql.number("select max(id) from shop.orders"));
    }

    OptionalLong customer(Share share, RandomGenerator random) {
        return share.pick(1, customers, random);
    }

    OptionalLong product(Share share, RandomGenerator random) {
        return share.pick(Shop.UNTOUCHED_PRODUCT + 1, products, random);
    }

    OptionalLong order(Share share, RandomGenerator random) {
        return share.pick(1, orders, random);
    }

    /** A worker's share: the ids that leave this remainder. */
    record Share(int worker, int workers) {

        OptionalLong pick(long from, long to, RandomGenerator random) {
            long first = from + Math.floorMod(worker - from, (long) workers);
            if (first > to) return OptionalLong.empty();
            return OptionalLong.of(first + workers * random.nextLong((to - first) / workers + 1));
        }
    }
}
