// swift-format-ignore-file

extension FieldWords {
    static let workloads: StaticString = #"""
        # apps.v1.Deployment
        - Keeps a number of equal pods running and replaces them step by step when their template changes.
        spec What is wanted.
        status What is there.
        # apps.v1.DeploymentSpec
        - The pods that are wanted, and how old ones give way to new ones.
        minReadySeconds Seconds that a new pod must have been ready to count as available; 0 by default.
        paused While true a new template is not rolled out.
        progressDeadlineSeconds Seconds without progress after which the roll-out is said to have failed; 600 by default. It goes on trying.
        replicas Number of pods; 1 by default.
        revisionHistoryLimit How many old ReplicaSets are kept to go back to; 10 by default.
        selector Labels of the pods that belong to it. It must fit the template and cannot be changed.
        strategy How old pods are replaced by new ones.
        template The pods. A change of it starts a roll-out.
        # apps.v1.DeploymentStrategy
        - How old pods are replaced by new ones.
        rollingUpdate Settings of the type RollingUpdate.
        type RollingUpdate (the default): step by step. Recreate: all old pods go before the first new one comes.
        # apps.v1.RollingUpdateDeployment
        - How far a rolling update may be from the wanted number of pods.
        maxSurge How many pods more than wanted there may be, as a number or a share rounded up; 25% by default. Not 0 when maxUnavailable is.
        maxUnavailable How many of the wanted pods may be missing, as a number or a share rounded down; 25% by default. Not 0 when maxSurge is.
        # apps.v1.DeploymentStatus
        - How far a Deployment is.
        availableReplicas Pods that have been ready for minReadySeconds.
        collisionCount How often the name of a new ReplicaSet was taken; makes the next name another.
        conditions Whether it is available and makes progress.
        observedGeneration The generation that this is about.
        readyReplicas Pods that are ready.
        replicas Pods that there are and that are not being deleted.
        terminatingReplicas Pods that are being deleted.
        unavailableReplicas Pods that are still missing to be wholly available.
        updatedReplicas Pods of the present template.
        # apps.v1.ReplicaSet
        - Keeps a number of pods of one template running. Mostly made by a Deployment: use that.
        spec What is wanted.
        status What is there.
        # apps.v1.ReplicaSetSpec
        - The pods that are wanted.
        minReadySeconds Seconds that a new pod must have been ready to count as available; 0 by default.
        replicas Number of pods; 1 by default.
        selector Labels of the pods that belong to it. It must fit the template and cannot be changed.
        template What new pods look like. Pods that are there keep what they have.
        # apps.v1.ReplicaSetStatus
        - How far a ReplicaSet is.
        availableReplicas Pods that have been ready for minReadySeconds.
        conditions Whether pods could not be made.
        fullyLabeledReplicas Pods that have all labels of the template.
        observedGeneration The generation that this is about.
        readyReplicas Pods that are ready.
        replicas Pods that there are and that are not being deleted.
        terminatingReplicas Pods that are being deleted.
        # apps.v1.StatefulSet
        - Keeps pods with fixed names and storage of their own running: NAME-0, NAME-1 and so on.
        spec What is wanted.
        status What is there.
        # apps.v1.StatefulSetSpec
        - The pods that are wanted, in which order they come and go, and their storage.
        minReadySeconds Seconds that a pod must have been ready to count as available; 0 by default.
        ordinals The number that counting starts with.
        persistentVolumeClaimRetentionPolicy What becomes of the claims when the set is deleted or made smaller.
        podManagementPolicy OrderedReady (the default): one after another, each once the one before is ready; backwards when it gets smaller. Parallel: all at once.
        replicas Number of pods; 1 by default.
        revisionHistoryLimit How many old revisions are kept to go back to; 10 by default.
        selector Labels of the pods that belong to it. It must fit the template and cannot be changed.
        serviceName The headless Service under which the pods have names. It cannot be changed.
        template The pods.
        updateStrategy How pods get a new template.
        volumeClaimTemplates Claims that each pod gets its own of, named CLAIM-POD. They cannot be changed.
        # apps.v1.StatefulSetOrdinals
        - The numbers of the pods.
        start The first number; 0 by default.
        # apps.v1.StatefulSetPersistentVolumeClaimRetentionPolicy
        - What becomes of the claims of pods that go.
        whenDeleted When the set is deleted: Retain (the default) or Delete.
        whenScaled When the set is made smaller: Retain (the default) or Delete.
        # apps.v1.StatefulSetUpdateStrategy
        - How pods get a new template.
        rollingUpdate Settings of the type RollingUpdate.
        type RollingUpdate (the default): from the highest number down. OnDelete: when somebody deletes the pod.
        # apps.v1.RollingUpdateStatefulSetStrategy
        - How far a rolling update goes.
        maxUnavailable How many pods may be missing meanwhile, as a number or a share; 1 by default.
        partition Only pods of this number and above get the new template; 0 by default.
        # apps.v1.StatefulSetStatus
        - How far a StatefulSet is.
        availableReplicas Pods that have been ready for minReadySeconds.
        collisionCount How often the name of a new revision was taken.
        conditions What there is to say of it.
        currentReplicas Pods of currentRevision.
        currentRevision Name of the revision that is being left.
        observedGeneration The generation that this is about.
        readyReplicas Pods that are ready.
        replicas Pods that there are.
        updateRevision Name of the revision that is being gone to.
        updatedReplicas Pods of updateRevision.
        # apps.v1.DaemonSet
        - Keeps one pod running on each node, or on each that fits.
        spec What is wanted.
        status What is there.
        # apps.v1.DaemonSetSpec
        - The pod that each node gets, and how it is replaced.
        minReadySeconds Seconds that a new pod must have been ready to count as available; 0 by default.
        revisionHistoryLimit How many old revisions are kept to go back to; 10 by default.
        selector Labels of the pods that belong to it. It must fit the template and cannot be changed.
        template The pod. Its node selector and affinity say which nodes get one.
        updateStrategy How pods get a new template.
        # apps.v1.DaemonSetUpdateStrategy
        - How pods get a new template.
        rollingUpdate Settings of the type RollingUpdate.
        type RollingUpdate (the default): step by step. OnDelete: when somebody deletes the pod.
        # apps.v1.RollingUpdateDaemonSet
        - How far a rolling update may be from one pod a node.
        maxSurge On how many nodes the new pod may come before the old one goes, as a number or a share rounded up; 0 by default.
        maxUnavailable On how many nodes the pod may be missing, as a number or a share rounded up; 1 by default.
        # apps.v1.DaemonSetStatus
        - How far a DaemonSet is.
        collisionCount How often the name of a new revision was taken.
        conditions What there is to say of it.
        currentNumberScheduled Nodes that should have the pod and have it.
        desiredNumberScheduled Nodes that should have the pod.
        numberAvailable Nodes whose pod has been ready for minReadySeconds.
        numberMisscheduled Nodes that have the pod and should not.
        numberReady Nodes whose pod is ready.
        numberUnavailable Nodes that should have the pod and have none that is available.
        observedGeneration The generation that this is about.
        updatedNumberScheduled Nodes whose pod is of the present template.
        # batch.v1.Job
        - Runs pods until as many as wanted have succeeded.
        spec What is to be done.
        status How far it is.
        # batch.v1.JobSpec
        - How often the work is to be done, how much of it at a time, and when to give up.
        activeDeadlineSeconds Seconds after the start when the Job is ended and counted as failed.
        backoffLimit How many failures there may be before the Job counts as failed; 6 by default.
        backoffLimitPerIndex How many failures each index may have; for Indexed only.
        completionMode NonIndexed (the default): so many pods must succeed. Indexed: one for each index from 0 on.
        completions How many pods must succeed. Without it one success of any is enough and no more pods are started.
        managedBy The controller that looks after the Job; the built-in one by default.
        manualSelector With true the selector is yours to choose. Leave it out.
        maxFailedIndexes How many indexes may fail before the Job does; for Indexed only.
        parallelism How many pods may run at a time; 1 by default.
        podFailurePolicy Rules on what a failure means; needs restartPolicy Never.
        podReplacementPolicy TerminatingOrFailed (the default): a pod is replaced once it is on its way out. Failed: once it is wholly gone.
        selector Labels of the pods. Made by the server.
        successPolicy When an Indexed Job has succeeded before all indexes have.
        suspend While true no pod runs; those that do are ended.
        template The pods. Their restartPolicy must be Never or OnFailure.
        ttlSecondsAfterFinished Seconds after its end when the Job is deleted; it stays by default.
        # batch.v1.JobStatus
        - How far a Job is.
        active Pods that wait or run.
        completedIndexes Indexes that have succeeded, as ranges such as 0-2,5.
        completionTime When it had succeeded.
        conditions Whether it is complete, failed or suspended.
        failed Pods that have failed.
        failedIndexes Indexes that have failed, as ranges.
        ready Pods that are ready.
        startTime When it was started; anew after each time it was suspended.
        succeeded Pods that have succeeded.
        terminating Pods that are being deleted.
        uncountedTerminatedPods Pods that have ended and are not counted yet.
        # batch.v1.UncountedTerminatedPods
        - Pods that have ended and are not counted yet.
        failed UIDs of those that failed.
        succeeded UIDs of those that succeeded.
        # batch.v1.PodFailurePolicy
        - What failures mean.
        rules The rules; the first that fits counts.
        # batch.v1.PodFailurePolicyRule
        - What one sort of failure means.
        action FailJob, FailIndex, Ignore (not counted) or Count (as usual).
        onExitCodes Fits by exit codes. Either this or onPodConditions.
        onPodConditions Fits when the pod has one of these conditions.
        # batch.v1.PodFailurePolicyOnExitCodesRequirement
        - A set of exit codes.
        containerName The container; any by default.
        operator In or NotIn.
        values The exit codes.
        # batch.v1.PodFailurePolicyOnPodConditionsPattern
        - A condition of the pod.
        status Its status; True by default.
        type Its type.
        # batch.v1.SuccessPolicy
        - When an Indexed Job has succeeded.
        rules The rules; one that fits is enough.
        # batch.v1.SuccessPolicyRule
        - Indexes that must have succeeded.
        succeededCount How many.
        succeededIndexes Which, as ranges such as 0-2,5.
        # batch.v1.CronJob
        - Makes a Job again and again, at times of a schedule.
        spec The schedule and the Job.
        status What was done.
        # batch.v1.CronJobSpec
        - When which Job is made.
        concurrencyPolicy Allow (the default): Jobs may overlap. Forbid: a new one is left out while the last runs. Replace: the last is deleted.
        failedJobsHistoryLimit How many failed Jobs are kept; 1 by default.
        jobTemplate The Job.
        schedule When, in cron's form: minute, hour, day of the month, month, day of the week.
        startingDeadlineSeconds How many seconds late a Job may still be started; without end by default.
        successfulJobsHistoryLimit How many Jobs that succeeded are kept; 3 by default.
        suspend While true no Job is made. Those that run go on.
        timeZone Time zone of the schedule, such as Europe/Berlin; that of the controller by default.
        # batch.v1.CronJobStatus
        - What a CronJob has done.
        active The Jobs that run.
        lastScheduleTime When a Job was last due and made.
        lastSuccessfulTime When a Job last succeeded.
        # batch.v1.JobTemplateSpec
        - The Jobs that a CronJob makes.
        spec What they do.
        # autoscaling.v2.HorizontalPodAutoscaler
        - Makes a workload larger and smaller, so that its metrics come near to their targets.
        spec What is scaled, by what, and between which bounds.
        status What was last measured and decided.
        # autoscaling.v2.HorizontalPodAutoscalerSpec
        - What is scaled, by what, and between which bounds.
        behavior How fast it may go up and down.
        maxReplicas Most pods.
        metrics What is measured, and the targets. The metric that asks for most pods counts. 80% of the requested cpu by default.
        minReplicas Fewest pods; 1 by default.
        scaleTargetRef The workload.
        # autoscaling.v2.CrossVersionObjectReference
        - An object of the same namespace.
        apiVersion Its API version.
        kind Its kind.
        name Its name.
        # autoscaling.v2.HorizontalPodAutoscalerBehavior
        - How fast it may go up and down.
        scaleDown Down; by default to minReplicas at once, after five minutes of calm.
        scaleUp Up; by default the larger of four pods and twice the number every 15 seconds, without delay.
        # autoscaling.v2.HPAScalingRules
        - How fast it may go in one direction.
        policies Steps that are allowed.
        selectPolicy Max (the default): the policy that allows most counts. Min: that which allows least. Disabled: none.
        stabilizationWindowSeconds How far it looks back for the mildest decision; 0 for up and 300 for down by default.
        tolerance By how much the metric may differ from the target before anything is done; 10% by default.
        # autoscaling.v2.HPAScalingPolicy
        - A step that is allowed.
        periodSeconds In how many seconds, 1800 at most.
        type Pods for a number, Percent for a share.
        value How many.
        # autoscaling.v2.MetricSpec
        - What is measured, and the target: the part that type names.
        containerResource A resource that one container of each pod uses.
        external A metric from outside of the cluster.
        object A metric of one object of the cluster.
        pods A metric of each pod, averaged.
        resource A resource that the pods use.
        type ContainerResource, External, Object, Pods or Resource.
        # autoscaling.v2.MetricStatus
        - What was measured: the part that type names.
        containerResource A resource that one container of each pod uses.
        external A metric from outside of the cluster.
        object A metric of one object of the cluster.
        pods A metric of each pod, averaged.
        resource A resource that the pods use.
        type ContainerResource, External, Object, Pods or Resource.
        # autoscaling.v2.ContainerResourceMetricSource autoscaling.v2.ContainerResourceMetricStatus
        - A resource that one container of each pod uses.
        container The container.
        # autoscaling.v2.ResourceMetricSource autoscaling.v2.ResourceMetricStatus
        - A resource that the pods use.
        # autoscaling.v2.ContainerResourceMetricSource autoscaling.v2.ContainerResourceMetricStatus autoscaling.v2.ResourceMetricSource autoscaling.v2.ResourceMetricStatus
        name cpu or memory.
        # autoscaling.v2.ObjectMetricSource autoscaling.v2.ObjectMetricStatus
        - A metric of one object.
        describedObject The object.
        # autoscaling.v2.PodsMetricSource autoscaling.v2.PodsMetricStatus
        - A metric of each pod, averaged.
        # autoscaling.v2.ExternalMetricSource autoscaling.v2.ExternalMetricStatus
        - A metric from outside of the cluster.
        # autoscaling.v2.ContainerResourceMetricSource autoscaling.v2.ResourceMetricSource autoscaling.v2.ObjectMetricSource autoscaling.v2.PodsMetricSource autoscaling.v2.ExternalMetricSource
        metric Which metric.
        target What it should be.
        # autoscaling.v2.ContainerResourceMetricStatus autoscaling.v2.ResourceMetricStatus autoscaling.v2.ObjectMetricStatus autoscaling.v2.PodsMetricStatus autoscaling.v2.ExternalMetricStatus
        metric Which metric.
        current What it is.
        # autoscaling.v2.MetricIdentifier
        - A metric.
        name Its name.
        selector Its labels.
        # autoscaling.v2.MetricTarget
        - What a metric should be.
        averageUtilization A share of what the pods request, in percent.
        averageValue An amount for each pod.
        type Utilization, Value or AverageValue.
        value An amount.
        # autoscaling.v2.MetricValueStatus
        - What a metric is.
        averageUtilization The share of what the pods request, in percent.
        averageValue The amount for each pod.
        value The amount.
        # autoscaling.v2.HorizontalPodAutoscalerStatus
        - What was last measured and decided.
        conditions Whether it can scale, does scale, and whether it is at a bound.
        currentMetrics What was measured.
        currentReplicas How many pods there were.
        desiredReplicas How many pods there should be.
        lastScaleTime When the number was last changed.
        observedGeneration The generation that this is about.
        # autoscaling.v1.Scale
        - How many replicas of something there are and should be.
        spec How many there should be.
        status How many there are.
        # autoscaling.v1.ScaleSpec
        - How many there should be.
        replicas The number.
        # autoscaling.v1.ScaleStatus
        - How many there are.
        replicas The number.
        selector Selector of the pods that are counted, as text.
        # policy.v1.PodDisruptionBudget
        - How many pods must stay when pods are evicted, as by kubectl drain.
        spec What must stay.
        status What may go at present.
        # policy.v1.PodDisruptionBudgetSpec
        - How many pods must stay.
        maxUnavailable How many may be missing, as a number or a share. Either this or minAvailable.
        minAvailable How many must be healthy, as a number or a share.
        selector The pods; an empty one is all pods of the namespace.
        unhealthyPodEvictionPolicy IfHealthyBudget (the default): pods that are not ready may be evicted while enough are. AlwaysAllow: always.
        # policy.v1.PodDisruptionBudgetStatus
        - What may go at present.
        conditions Whether an eviction is allowed.
        currentHealthy Pods that are healthy.
        desiredHealthy Pods that must be healthy.
        disruptedPods Pods whose eviction was allowed and that are not gone yet, with the time.
        disruptionsAllowed How many pods may be evicted now.
        expectedPods Pods that are counted.
        observedGeneration The generation that this is about.
        """#
}
