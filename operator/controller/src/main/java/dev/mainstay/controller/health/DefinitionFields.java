package dev.mainstay.controller.health;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.api.MainstayResource;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The fields of a kind, by path: those of the records, which the operator reads and writes, and those of the definition that
 * an API server serves. A field that the server does not have is dropped from what is written without a word, of a status
 * too, so an older definition is seen by what it lacks.
 */
public final class DefinitionFields {

    private static final String OURS = MainstayResource.class.getPackageName();

    private DefinitionFields() {}

    /** The fields of the spec and the status of a kind, such as {@code spec.storage.s3.bucket}. */
    public static Set<String> known(Class<? extends MainstayResource<?, ?>> kind) {
        Type[] halves = ((ParameterizedType) kind.getGenericSuperclass()).getActualTypeArguments();
        Set<String> fields = new LinkedHashSet<>();
        ofType("spec", halves[0], fields);
        ofType("status", halves[1], fields);
        return Collections.unmodifiableSet(fields);
    }

    /** The same of a schema that an API server serves. */
    public static Set<String> served(JsonNode schema) {
        Set<String> fields = new LinkedHashSet<>();
        for (String half : new String[] {"spec", "status"}) {
            ofSchema(half, schema.path("properties").path(half), fields);
        }
        return Collections.unmodifiableSet(fields);
    }

    /** The first field of a kind that a served schema lacks; empty when it has all of them. */
    public static Optional<String> firstMissing(Class<? extends MainstayResource<?, ?>> kind, JsonNode schema) {
        Set<String> served = served(schema);
        return known(kind).stream().filter(field -> !served.contains(field)).findFirst();
    }

    private static void ofType(String path, Type type, Set<String> fields) {
        if (type instanceof ParameterizedType container) {
            Type[] inner = container.getActualTypeArguments();
            boolean map = container.getRawType() instanceof Class<?> raw && Map.class.isAssignableFrom(raw);
            ofType(path, inner[map ? 1 : 0], fields);
        } else if (type instanceof Class<?> record
                && record.isRecord()
                && record.getPackageName().startsWith(OURS)) {
            // Of the fields, since an accessor that is written out has lost what is said of its component.
            Stream.of(record.getDeclaredFields())
                    .filter(field -> !Modifier.isStatic(field.getModifiers()))
                    .filter(field -> !field.isAnnotationPresent(JsonIgnore.class))
                    .forEach(field -> {
                        String inner = path + "." + name(field);
                        fields.add(inner);
                        ofType(inner, field.getGenericType(), fields);
                    });
        }
    }

    private static String name(Field component) {
        return Optional.ofNullable(component.getAnnotation(JsonProperty.class))
                .map(JsonProperty::value)
                .filter(name -> !name.isEmpty())
                .orElse(component.getName());
    }

    private static void ofSchema(String path, JsonNode schema, Set<String> fields) {
        for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
            String field = path + "." + property.getKey();
            fields.add(field);
            ofSchema(field, property.getValue(), fields);
        }
        for (String inner : new String[] {"items", "additionalProperties"}) {
            if (schema.path(inner).isObject()) {
                ofSchema(path, schema.get(inner), fields);
            }
        }
    }
}
