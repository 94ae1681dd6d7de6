package dev.lockstep.stream.apply;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.common.Cluster;

/**
 * Gives a member with a name of its own every lane, and the others none; among nameless ones the lanes are spread. For Kafka's clients
 * alone, which make one by themselves.
 */
public final class LeaderFirst extends RangeAssignor {

    private static final Assignment NOTHING = new Assignment(List.of());

    @Override
    public String name() {
        return "lockstep-leader-first";
    }

    @Override
    public GroupAssignment assign(Cluster cluster, GroupSubscription group) {
        Map<String, Subscription> leaders = new HashMap<>(group.groupSubscription());
        leaders.values().removeIf(member -> member.groupInstanceId().isEmpty());
        if (leaders.isEmpty()) return super.assign(cluster, group);
        Map<String, Assignment> assigned = new HashMap<>(
                super.assign(cluster, new GroupSubscription(leaders)).groupAssignment());
        group.groupSubscription().keySet().forEach(member -> assigned.computeIfAbsent(member, m -> NOTHING));
        return new GroupAssignment(assigned);
    }
}
