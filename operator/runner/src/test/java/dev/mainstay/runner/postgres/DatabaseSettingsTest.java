package dev.mainstay.runner.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DatabaseSettingsTest {

    @Test
    void onlyStatementsAboutTheDatabaseItselfAreTaken() {
        String dump = """
                --
                -- Name: My Shop; Type: DATABASE; Schema: -; Owner: owner
                --

                CREATE DATABASE "My Shop" WITH TEMPLATE = template0 ENCODING = 'UTF8';


                ALTER DATABASE "My Shop" OWNER TO owner;

                \\connect -reuse-previous=on "dbname='My Shop'"

                SET statement_timeout = 0;

                --
                -- Name: DATABASE "My Shop"; Type: COMMENT; Schema: -; Owner: owner
                --

                COMMENT ON DATABASE "My Shop" IS 'two
                lines';


                --
                -- Name: My Shop; Type: DATABASE PROPERTIES; Schema: -; Owner: owner
                --

                ALTER DATABASE "My Shop" SET search_path TO 'app', 'public';
                ALTER ROLE reader IN DATABASE "My Shop" SET work_mem TO '8MB';


                \\connect -reuse-previous=on "dbname='My Shop'"

                SET statement_timeout = 0;

                --
                -- Name: EXTENSION pgcrypto; Type: COMMENT; Schema: -; Owner:
                --

                COMMENT ON EXTENSION pgcrypto IS 'cryptographic functions';


                --
                -- Name: DATABASE "My Shop"; Type: ACL; Schema: -; Owner: owner
                --

                GRANT CONNECT ON DATABASE "My Shop" TO reader;
                """;

        assertThat(DatabaseSettings.of(dump)).isEqualTo("""
                        ALTER DATABASE "My Shop" OWNER TO owner;
                        COMMENT ON DATABASE "My Shop" IS 'two
                        lines';
                        ALTER DATABASE "My Shop" SET search_path TO 'app', 'public';
                        ALTER ROLE reader IN DATABASE "My Shop" SET work_mem TO '8MB';
                        GRANT CONNECT ON DATABASE "My Shop" TO reader;
                        """);
    }
}
