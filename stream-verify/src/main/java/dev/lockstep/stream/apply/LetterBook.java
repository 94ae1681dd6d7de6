package dev.lockstep.stream.apply;

import dev.lockstep.schemas.row.CanonicalEncoder;
import dev.lockstep.schemas.row.RowKey;
import dev.lockstep.schemas.row.Value;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The rows that are set aside, by table and key. Keys are told apart by their canonical form, as {@link NetChanges} does. Thread-safe. */
final class LetterBook {

    private final Map<String, Map<ByteBuffer, OpenLetter>> byTable = new LinkedHashMap<>();

    static ByteBuffer id(List<Value> key) {
        return ByteBuffer.wrap(new CanonicalEncoder().values(key).toBytes());
    }

    synchronized void add(OpenLetter letter) {
        byTable.computeIfAbsent(letter.key().table(), table -> new LinkedHashMap<>())
                .merge(id(letter.key().values()), letter, OpenLetter::then);
    }

    synchronized void settle(RowKey key) {
        Map<ByteBuffer, OpenLetter> letters = byTable.get(key.table());
        if (letters == null) return;
        letters.remove(id(key.values()));
        if (letters.isEmpty()) byTable.remove(key.table());
    }

    synchronized Set<ByteBuffer> keys(String table) {
        return Set.copyOf(byTable.getOrDefault(table, Map.of()).keySet());
    }

    synchronized int size() {
        return byTable.values().stream().mapToInt(Map::size).sum();
    }

    synchronized List<OpenLetter> open() {
        return byTable.values().stream()
                .flatMap(letters -> letters.values().stream())
                .toList();
    }
}
