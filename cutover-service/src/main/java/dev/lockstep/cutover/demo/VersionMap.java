package dev.lockstep.cutover.demo;

import java.util.Arrays;

/** Row number to version, in two arrays: a million rows take some 32 MB. Neither is ever 0. Not thread-safe. */
final class VersionMap {

    interface Visitor {
        void visit(long key, long version);
    }

    private long[] keys = new long[1024];
    private long[] versions = new long[1024];
    private int size;

    /** The version, or 0 where there is none. */
    long get(long key) {
        return versions[slot(keys, key)];
    }

    void put(long key, long version) {
        if (key == 0 || version == 0) throw new IllegalArgumentException("0 says that there is none");
        int slot = slot(keys, key);
        if (keys[slot] == 0) size++;
        keys[slot] = key;
        versions[slot] = version;
        if (size > keys.length / 2) grow();
    }

    int size() {
        return size;
    }

    void forEach(Visitor visitor) {
        for (int i = 0; i < keys.length; i++) if (keys[i] != 0) visitor.visit(keys[i], versions[i]);
    }

    private void grow() {
        long[] oldKeys = keys;
        long[] oldVersions = versions;
        keys = new long[oldKeys.length * 2];
        versions = Arrays.copyOf(keys, keys.length);
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] == 0) continue;
            int slot = slot(keys, oldKeys[i]);
            keys[slot] = oldKeys[i];
            versions[slot] = oldVersions[i];
        }
    }

    /** Where the key is, or would be: the first fit after the place that its hash names. */
    private static int slot(long[] keys, long key) {
        int slot = (int) ((key * 0x9E3779B97F4A7C15L) >>> 32) & (keys.length - 1);
        while (keys[slot] != 0 && keys[slot] != key) slot = (slot + 1) & (keys.length - 1);
        return slot;
    }
}
