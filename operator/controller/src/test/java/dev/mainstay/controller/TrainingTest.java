package dev.mainstay.controller;

import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.api.Test;

class TrainingTest {

    @Test
    void givenNoCluster_whenTheOperatorIsTrained_thenItWritesAStatusOfEachKindAndEnds() {
        assertThatCode(Training::run).doesNotThrowAnyException();
    }
}
