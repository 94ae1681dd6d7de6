package dev.lockstep.cutover.demo;

import java.util.random.RandomGenerator;

/** Made-up content. Some of it lies beyond Unicode's first plane, and some is long enough to be stored out of line. */
final class ShopWords {

    static final String[] COUNTRIES = {"DE", "FR", "NL", "PL", "ES", "IT", "SE", "JP"};
    static final String[] CURRENCIES = {"EUR", "USD", "SEK", "PLN", "JPY"};
    /** Some shorter than the column, so that its padding counts. */
    static final String[] WAREHOUSES = {"BER-1", "LYS-2", "AMS", "WAW-10", "OSA-3"};

    static final String[] METHODS = {"card", "transfer", "wallet", "invoice"};

    private static final String[] FIRST = {
        "Ada", "Bjørn", "Chloé", "Dávid", "Eşref", "Fumiko", "Grace", "Hákon", "Ирина", "Jürgen", "小林", "𠮷野", "Łucja"
    };
    private static final String[] LAST = {
        "Lovelace",
        "O'Brien",
        "Müller",
        "García",
        "Nowak",
        "Ångström",
        "Dvořák",
        "de Vries",
        "Ζορμπάς",
        "𝔊𝔬𝔱𝔥",
        "Smith"
    };
    private static final String[] THINGS = {
        "Lamp", "Chair", "Kettle", "Bicycle 🚲", "Backpack", "Tent 🏕️", "Notebook", "Teapot 🫖", "Headphones", "Clock"
    };
    private static final String[] QUALITIES = {
        "Oak", "Steel", "Café", "Blue", "Folding", "Über", "Light", "Weiß", "Mini"
    };
    private static final String[] WORDS = {
        "made",
        "to",
        "last",
        "by",
        "hand",
        "in",
        "small",
        "series",
        "with",
        "care",
        "naïve",
        "100 %",
        "🎁",
        "\"quoted\"",
        "it's",
        "back\\slash",
        "tab\there",
        "new\nline",
        "straße",
        "東京"
    };

    private ShopWords() {}

    static String pick(String[] words, RandomGenerator random) {
        return words[random.nextInt(words.length)];
    }

    static String email(long id) {
        return "customer" + id + "@example.com";
    }

    static String name(RandomGenerator random) {
        return pick(FIRST, random) + " " + pick(LAST, random);
    }

    static String phone(RandomGenerator random) {
        return "+49 30 %07d".formatted(random.nextInt(10_000_000));
    }

    static String product(RandomGenerator random) {
        return pick(QUALITIES, random) + " " + pick(THINGS, random);
    }

    static String note(RandomGenerator random) {
        return words(3 + random.nextInt(12), random);
    }

    /** One in forty is longer than a page's quarter, past which PostgreSQL stores a text out of line. */
    static String description(RandomGenerator random) {
        if (random.nextInt(40) != 0) return words(8 + random.nextInt(30), random);
        StringBuilder text = new StringBuilder(words(20, random));
        while (text.length() < 9000) text.append(' ').append(Long.toString(random.nextLong(), 36));
        return text.toString();
    }

    static String preferences(RandomGenerator random) {
        return "{\"theme\": \"%s\", \"pageSize\": %d, \"tags\": [\"%s\", \"%s\"], \"marketing\": {\"mail\": %b, \"phone\": null}}"
                .formatted(
                        random.nextBoolean() ? "dark" : "light 🌞",
                        10 * (1 + random.nextInt(10)),
                        pick(COUNTRIES, random),
                        pick(QUALITIES, random),
                        random.nextBoolean());
    }

    static String attributes(RandomGenerator random) {
        return "{\"colour\": \"%s\", \"size\": {\"w\": %d, \"h\": %d.%d}, \"labels\": [], \"rating\": %d}"
                .formatted(
                        pick(QUALITIES, random),
                        random.nextInt(200),
                        random.nextInt(200),
                        1 + random.nextInt(9),
                        random.nextInt(6));
    }

    static String shipping(RandomGenerator random) {
        return "{\"street\": \"%s %d\", \"country\": \"%s\", \"express\": %b}"
                .formatted(pick(LAST, random), random.nextInt(200), pick(COUNTRIES, random), random.nextBoolean());
    }

    private static String words(int count, RandomGenerator random) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) text.append(i == 0 ? "" : " ").append(pick(WORDS, random));
        return text.toString();
    }
}
