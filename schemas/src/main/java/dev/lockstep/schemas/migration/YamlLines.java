package dev.lockstep.schemas.migration;

import com.fasterxml.jackson.databind.JsonMappingException.Reference;
import java.io.StringReader;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** Where in a YAML text a key stands: the binder knows the key alone, its parser is past it by the time it complains. */
final class YamlLines {

    private YamlLines() {}

    /** The line, from 1, of the key that the path leads to, or of the innermost part of it that is there; or where it is no YAML. */
    static int of(String yaml, List<Reference> path) {
        try {
            return of(new Yaml().compose(new StringReader(yaml)), path);
        } catch (MarkedYAMLException e) {
            return e.getProblemMark().getLine() + 1;
        }
    }

    private static int of(Node root, List<Reference> path) {
        Node node = root;
        int line = node.getStartMark().getLine();
        for (Reference step : path) {
            NodeTuple entry = entry(node, step.getFieldName());
            if (entry != null) {
                line = entry.getKeyNode().getStartMark().getLine();
                node = entry.getValueNode();
            } else if (node instanceof SequenceNode list
                    && step.getIndex() >= 0
                    && step.getIndex() < list.getValue().size()) {
                node = list.getValue().get(step.getIndex());
                line = node.getStartMark().getLine();
            } else if (step.getFieldName() != null || step.getIndex() != 0)
                break; // else: the one thing of a list of one
        }
        return line + 1;
    }

    private static @Nullable NodeTuple entry(Node node, @Nullable String key) {
        if (!(node instanceof MappingNode mapping)) return null;
        return mapping.getValue().stream()
                .filter(entry -> entry.getKeyNode() instanceof ScalarNode name
                        && name.getValue().equals(key))
                .findFirst()
                .orElse(null);
    }
}
