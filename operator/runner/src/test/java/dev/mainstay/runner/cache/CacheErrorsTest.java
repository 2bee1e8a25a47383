package dev.mainstay.runner.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.core.status.Reason;
import dev.mainstay.core.task.CacheTarget;
import dev.mainstay.runner.task.TaskFailure;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;

/** What an answer of a server, or none, means for a person. */
class CacheErrorsTest {

    private static CacheErrors errors(String keyPrefix, String user, String secret) {
        return new CacheErrors(
                new CacheTarget("main", "shop-redis", 6379, false, 0, keyPrefix, null, null), user, secret);
    }

    private static final CacheErrors ERRORS = errors("shop:", "bob", "Secret shop/redis-user");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "UNLINK | NOPERM User bob has no permissions to run the 'unlink' command | PERMISSION_DENIED | does not let user bob do UNLINK: NOPERM User bob has no permissions to run the 'unlink' command. Run: ACL SETUSER bob +unlink",
                "SCAN   | NOPERM this user has no permissions to run the 'scan' command or its subcommand | PERMISSION_DENIED | Run: ACL SETUSER bob +scan",
                "UNLINK | NOPERM No permissions to access a key | PERMISSION_DENIED | Run: ACL SETUSER bob '~shop:*'",
                "UNLINK | NOPERM this user has no permissions to access one of the keys used as arguments | PERMISSION_DENIED | Run: ACL SETUSER bob '~shop:*'",
                "INFO   | NOAUTH Authentication required. | AUTHENTICATION_FAILED | wants a password: NOAUTH Authentication required. Name a Secret that has it in redis.credentialsSecretRef of cache main",
                "UNLINK | READONLY You can't write against a read only replica. | CONNECTION_FAILED | is a replica, or has become one, and takes no writes",
                "UNLINK | MOVED 3999 127.0.0.1:6381 | VERSION_UNSUPPORTED | is a node of a Redis Cluster",
                "UNLINK | CROSSSLOT Keys in request don't hash to the same slot | VERSION_UNSUPPORTED | is a node of a Redis Cluster",
                "SCAN   | LOADING Redis is loading the dataset in memory | CONNECTION_FAILED | is still loading its data from disk",
                "SCAN   | MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'. | CONNECTION_FAILED | is a replica that has lost its primary",
                "SCAN   | BUSY Redis is busy running a script. | CONNECTION_FAILED | runs a script",
                "FLUSHDB | ERR unknown command 'FLUSHDB', with args beginning with: 'ASYNC' | PERMISSION_DENIED | does not know FLUSHDB: ERR unknown command 'FLUSHDB'. It may be renamed",
                "SCAN   | MISCONF Errors writing to the AOF file | CONNECTION_FAILED | answered SCAN with: MISCONF Errors writing to the AOF file"
            })
    void givenAnAnswer_whenACommandIsRefused_thenItSaysWhatToDo(
            String command, String answer, Reason reason, String message) {
        TaskFailure failure = ERRORS.asking(command, new JedisDataException(answer));

        assertThat(failure.reason()).isEqualTo(reason);
        assertThat(failure.getMessage()).contains(message);
    }

    /** Names of keys may name people; a server tells them back. */
    @Test
    void givenAnAnswerWithKeys_whenItIsTold_thenTheKeysAreNot() {
        assertThat(ERRORS.asking(
                                "UNLINK",
                                new JedisDataException(
                                        "ERR unknown command 'UNLINK', with args beginning with: 'session:alice@example.com' "))
                        .getMessage())
                .doesNotContain("alice");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "WRONGPASS invalid username-password pair or user is disabled. | AUTHENTICATION_FAILED | refused user bob with the password of Secret shop/redis-user",
                "NOAUTH HELLO must be called with the client already authenticated | AUTHENTICATION_FAILED | wants a password",
                "ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct? | AUTHENTICATION_FAILED | has no password, and credentialsSecretRef of cache main gives one. Leave it out",
                "ERR DB index is out of range | DATABASE_NOT_FOUND | has no database 0. Correct redis.database",
                "NOPERM User bob has no permissions to run the 'select' command | PERMISSION_DENIED | ACL SETUSER bob +select",
                "ERR max number of clients reached | CONNECTION_FAILED | max number of clients reached"
            })
    void givenAnAnswer_whenItIsConnecting_thenItSaysWhatToDo(String answer, Reason reason, String message) {
        TaskFailure failure = ERRORS.connecting(new JedisDataException(answer));

        assertThat(failure.reason()).isEqualTo(reason);
        assertThat(failure.getMessage()).contains(message);
    }

    static List<Arguments> networks() {
        return Stream.of(
                        List.of(new UnknownHostException("shop-redis"), "no address is known for host shop-redis"),
                        List.of(new ConnectException("Connection refused"), "nothing listens at shop-redis:6379"),
                        List.of(new NoRouteToHostException(), "there is no route to shop-redis:6379"),
                        List.of(new SocketTimeoutException("Read timed out"), "did not answer in time"),
                        List.of(new SSLHandshakeException("no name"), "no TLS connection to shop-redis:6379"),
                        List.of(new IOException("reset"), "the connection to shop-redis:6379 was lost"))
                .map(List::toArray)
                .map(Arguments::of)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("networks")
    void givenANetwork_whenNobodyAnswers_thenItSaysWhatToCheck(Exception cause, String message) {
        TaskFailure failure = ERRORS.connecting(new JedisConnectionException(cause));

        assertThat(failure.reason()).isEqualTo(Reason.CONNECTION_FAILED);
        assertThat(failure.getMessage())
                .contains(message)
                .contains("Check redis.host, port, tls and caSecretRef of cache main");
    }

    @Test
    void givenTheUserDefault_whenItIsRefused_thenItIsNamed() {
        assertThat(errors(null, null, null)
                        .asking("UNLINK", new JedisDataException("NOPERM No permissions to access a key"))
                        .getMessage())
                .endsWith("Run: ACL SETUSER default '~*'");
    }
}
