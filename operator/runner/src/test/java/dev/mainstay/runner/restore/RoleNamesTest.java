package dev.mainstay.runner.restore;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoleNamesTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            ACL | GRANT SELECT ON TABLE app.a TO a; | GRANT SELECT ON TABLE app.a TO "z";
            ACL | GRANT SELECT("to"),UPDATE(a) ON TABLE app."a" TO "a" WITH GRANT OPTION; | GRANT SELECT("to"),UPDATE(a) ON TABLE app."a" TO "z" WITH GRANT OPTION;
            ACL | REVOKE ALL ON SCHEMA public FROM PUBLIC; GRANT ALL ON SCHEMA public TO a, b,a; | REVOKE ALL ON SCHEMA public FROM PUBLIC; GRANT ALL ON SCHEMA public TO "z", b,"z";
            ACL | SET SESSION AUTHORIZATION a; GRANT x ON y TO b; RESET SESSION AUTHORIZATION; | SET SESSION AUTHORIZATION "z"; GRANT x ON y TO b; RESET SESSION AUTHORIZATION;
            ACL | GRANT ALL ON FUNCTION f("from" text, a integer) TO b; | GRANT ALL ON FUNCTION f("from" text, a integer) TO b;
            DEFAULT ACL | ALTER DEFAULT PRIVILEGES FOR ROLE a IN SCHEMA a GRANT SELECT ON TABLES TO a; | ALTER DEFAULT PRIVILEGES FOR ROLE "z" IN SCHEMA a GRANT SELECT ON TABLES TO "z";
            POLICY | CREATE POLICY a ON a AS RESTRICTIVE FOR ALL TO a, b USING ((a = 'to a') AND f(a)); | CREATE POLICY a ON a AS RESTRICTIVE FOR ALL TO "z", b USING ((a = 'to a') AND f(a));
            USER MAPPING | CREATE USER MAPPING FOR a SERVER a OPTIONS ("user" 'a'); | CREATE USER MAPPING FOR "z" SERVER a OPTIONS ("user" 'a');
            USER MAPPING | CREATE USER MAPPING FOR PUBLIC SERVER a; | CREATE USER MAPPING FOR PUBLIC SERVER a;
            FUNCTION | CREATE FUNCTION f() AS $$ GRANT x TO a; $$; | CREATE FUNCTION f() AS $$ GRANT x TO a; $$;
            """)
    void onlyRolesAreRenamed(String kind, String sql, String expected) {
        assertThat(RoleNames.renamed(kind, sql, role -> role.equals("a") ? "z" : role, false))
                .isEqualTo(expected);
    }

    @Test
    void whoIsNoSuperuserGrantsAsAMember() {
        assertThat(RoleNames.renamed(
                        "ACL",
                        "SET SESSION AUTHORIZATION a;\nGRANT x ON y TO b;\nRESET SESSION AUTHORIZATION;\n",
                        role -> role.equals("a") ? "z" : role,
                        true))
                .isEqualTo("SET ROLE \"z\";\nGRANT x ON y TO b;\nRESET ROLE;\n");
    }

    @Test
    void statementsEndWhereTheServerEndsThem() {
        assertThat(SqlTokens.statements(
                        "-- a; b\nSELECT 'a;''b' /* ; /* ; */ ; */, E'\\';', $x$ ; $$ ; $x$, \"a;\";;\n SELECT 2"))
                .containsExactly("SELECT 'a;''b' /* ; /* ; */ ; */, E'\\';', $x$ ; $$ ; $x$, \"a;\"", "SELECT 2");
    }
}
