package dev.lockstep.stream.prove;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.schemas.row.RowDigest;
import dev.lockstep.stream.prove.RowImage.Before;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class RowImageTest {

    private static final byte[] KEY = {1};

    /** Where the first ones of a time have gone to the state, changes are put together in parts. */
    @Test
    void givesTheSameInWhateverPartsChangesArePutTogether() {
        for (RowImage first : images())
            for (RowImage second : images())
                for (RowImage third : images())
                    assertThat(third.after(second).after(first))
                            .as("%s, %s, %s", first, second, third)
                            .isEqualTo(third.after(second.after(first)));
    }

    private static List<RowImage> images() {
        List<RowImage> images = new ArrayList<>();
        for (@Nullable RowDigest digest : new RowDigest[] {null, new RowDigest(0, 1)}) {
            images.add(RowImage.read(7, KEY, digest, 10));
            images.add(RowImage.read(7, KEY, digest, 10).copied());
            images.add(RowImage.changed(7, KEY, digest, 10, null));
            images.add(RowImage.changed(7, KEY, digest, 10, new Before(null)));
            images.add(RowImage.changed(7, KEY, digest, 10, new Before(new RowDigest(0, 1))));
        }
        return images;
    }
}
