package dev.mainstay.api.json;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.deser.BeanDeserializerModifier;
import com.fasterxml.jackson.databind.deser.std.DelegatingDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mainstay.api.MainstayResource;
import java.io.IOException;
import java.io.Serial;

/**
 * Reading of objects that a newer version wrote. By default one object with an unknown field or enum value breaks the
 * list or watch of all objects of its kind (java-operator-sdk issues 882 and 1170). Here unknown fields are passed over,
 * unknown enum values become the enum's default, and a spec or status that still can't be read leaves an object without
 * it, marked with the reason.
 */
public final class TolerantReading {

    private TolerantReading() {}

    /** Makes a mapper read in this way; to be called once, before its first use. */
    public static ObjectMapper configure(ObjectMapper mapper) {
        SimpleModule module = new SimpleModule("mainstay-tolerant-reading");
        module.setDeserializerModifier(new Modifier());
        return mapper.registerModule(module)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(DeserializationFeature.READ_UNKNOWN_ENUM_VALUES_USING_DEFAULT_VALUE);
    }

    private static final class Modifier extends BeanDeserializerModifier {
        @Serial
        private static final long serialVersionUID = 1L;

        @Override
        public JsonDeserializer<?> modifyDeserializer(
                DeserializationConfig config, BeanDescription description, JsonDeserializer<?> deserializer) {
            return MainstayResource.class.isAssignableFrom(description.getBeanClass())
                    ? new ResourceDeserializer(deserializer)
                    : deserializer;
        }
    }

    private static final class ResourceDeserializer extends DelegatingDeserializer {
        @Serial
        private static final long serialVersionUID = 1L;

        ResourceDeserializer(JsonDeserializer<?> delegate) {
            super(delegate);
        }

        @Override
        protected JsonDeserializer<?> newDelegatingInstance(JsonDeserializer<?> newDelegate) {
            return new ResourceDeserializer(newDelegate);
        }

        @Override
        public Object deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            JsonNode tree = context.readTree(parser);
            try {
                return read(tree, parser, context);
            } catch (JacksonException whole) {
                return tree instanceof ObjectNode object ? readInParts(object, parser, context, whole) : rethrow(whole);
            }
        }

        private Object readInParts(
                ObjectNode tree, JsonParser parser, DeserializationContext context, JacksonException whole)
                throws IOException {
            String specProblem = problemOf("spec", tree, parser, context);
            String statusProblem = problemOf("status", tree, parser, context);
            if (specProblem == null && statusProblem == null) {
                return rethrow(whole);
            }
            ObjectNode readable = tree.deepCopy();
            if (specProblem != null) {
                readable.remove("spec");
            }
            if (statusProblem != null) {
                readable.remove("status");
            }
            MainstayResource<?, ?> resource = (MainstayResource<?, ?>) read(readable, parser, context);
            resource.markUnreadableSpec(specProblem);
            resource.markUnreadableStatus(statusProblem);
            return resource;
        }

        /** Reads the object with the given part alone; the message if that fails, else null. */
        private String problemOf(String part, ObjectNode tree, JsonParser parser, DeserializationContext context)
                throws IOException {
            if (!tree.has(part)) {
                return null;
            }
            ObjectNode alone = tree.objectNode();
            alone.set(part, tree.get(part));
            try {
                read(alone, parser, context);
                return null;
            } catch (JacksonException problem) {
                return problem.getOriginalMessage();
            }
        }

        private Object read(JsonNode tree, JsonParser parser, DeserializationContext context) throws IOException {
            try (JsonParser traversing = tree.traverse(parser.getCodec())) {
                traversing.nextToken();
                return super.deserialize(traversing, context);
            }
        }

        private static Object rethrow(JacksonException problem) throws JacksonException {
            throw problem;
        }
    }
}
