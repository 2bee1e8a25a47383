package dev.mainstay.core.task;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.mainstay.core.task.Task.MountedSecret;
import java.util.List;

/**
 * What a step of a run has the runner do: a record for each type of step that is done in a Job. Whom it speaks with, and with
 * what credentials, comes from the objects of the application, never from the Runbook.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = CacheReviewWork.class, name = "cacheReview"),
    @JsonSubTypes.Type(value = CacheClearWork.class, name = "cacheClear"),
    @JsonSubTypes.Type(value = DatabaseReviewWork.class, name = "databaseReview"),
    @JsonSubTypes.Type(value = DatabaseMaintainWork.class, name = "databaseMaintain"),
    @JsonSubTypes.Type(value = CertificateCheckWork.class, name = "certificateCheck"),
    @JsonSubTypes.Type(value = DependencyAuditWork.class, name = "dependencyAudit"),
    @JsonSubTypes.Type(value = UrlCheckWork.class, name = "urlCheck")
})
public sealed interface StepWork
        permits CacheReviewWork,
                CacheClearWork,
                DatabaseReviewWork,
                DatabaseMaintainWork,
                CertificateCheckWork,
                DependencyAuditWork,
                UrlCheckWork {

    /** The Secrets that it reads. */
    List<MountedSecret> secrets();
}
