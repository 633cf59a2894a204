// swift-format-ignore-file

extension FieldWords {
    static let pods: StaticString = #"""
        # core.v1.Pod
        - Containers that run together on one node, with one address and shared volumes.
        spec What is to run, and how.
        status What runs at present. Written by the node's agent.
        # core.v1.Pod core.v1.PodTemplateSpec core.v1.PersistentVolumeClaimTemplate batch.v1.JobTemplateSpec core.v1.Event core.v1.Namespace core.v1.Node core.v1.Service core.v1.ConfigMap core.v1.Secret core.v1.ServiceAccount core.v1.PersistentVolume core.v1.PersistentVolumeClaim apps.v1.Deployment apps.v1.ReplicaSet apps.v1.StatefulSet apps.v1.DaemonSet autoscaling.v2.HorizontalPodAutoscaler autoscaling.v1.Scale batch.v1.Job batch.v1.CronJob policy.v1.PodDisruptionBudget networking.v1.NetworkPolicy networking.v1.Ingress rbac.v1.Role rbac.v1.RoleBinding rbac.v1.ClusterRole rbac.v1.ClusterRoleBinding storage.v1.StorageClass
        metadata Name, labels and annotations.
        # core.v1.PodTemplateSpec
        - What the pods that a controller makes look like.
        spec What the pods run.
        # core.v1.PodSpec
        - What a pod runs and how. Most of it cannot be changed once the pod is there.
        activeDeadlineSeconds Seconds after its start when the pod is ended and counted as failed.
        affinity Which nodes, and which other pods, it should be near or away from.
        automountServiceAccountToken Whether containers get a token of the service account; what the account says by default.
        containers The containers that run side by side, one at least.
        dnsConfig Settings of name resolution, added to what dnsPolicy gives.
        dnsPolicy Where names are looked up: ClusterFirst (the default), ClusterFirstWithHostNet for pods on the node's network, Default (as the node does) or None (dnsConfig alone).
        enableServiceLinks Whether containers get an environment variable for each Service of the namespace; true by default.
        ephemeralContainers Containers added to a running pod to look into it. Written through the subresource of the same name.
        hostAliases Lines that are added to /etc/hosts of the containers.
        hostIPC Shares the node's IPC namespace.
        hostNetwork Uses the node's own network and address instead of one of its own.
        hostPID Sees the node's processes.
        hostUsers With false the pod's users are not those of the node: root in it is nobody outside.
        hostname Host name of the pod; its own name by default.
        hostnameOverride Host name as the pod sees it, whatever hostname and subdomain make of it.
        imagePullSecrets Secrets with what registries ask for when images are pulled.
        initContainers Containers that run one after another, each to its end, before the others start. With restartPolicy Always one keeps running beside the others, as a sidecar.
        nodeName The node that the pod is bound to. The scheduler writes it; whoever sets it bypasses the scheduler.
        nodeSelector Labels that the node must have, with these values.
        os Operating system that the containers are made for.
        overhead What the runtime needs for the pod itself; filled in from the runtime class.
        preemptionPolicy PreemptLowerPriority (the default): may drive out pods of lower priority. Never: waits its turn.
        priority The pod's importance as a number, taken from its priority class. Higher goes first.
        priorityClassName Name of the PriorityClass.
        readinessGates Conditions that others set, which must be True as well before the pod is ready.
        resourceClaims Claims to devices that containers may use.
        resources What all containers together need and may use.
        restartPolicy Always (the default), OnFailure or Never: when containers that ended are started again.
        runtimeClassName The RuntimeClass, and so the runtime, that runs the pod.
        schedulerName The scheduler that finds a node for it; default-scheduler by default.
        schedulingGates While one is left, no node is looked for. They can be removed, not added.
        schedulingGroup The group of pods that it is scheduled with.
        securityContext Users, groups and other security settings for all containers. What a container says itself goes before.
        serviceAccount Old name of serviceAccountName.
        serviceAccountName The ServiceAccount that the pod acts as; default by default.
        setHostnameAsFQDN Makes the full domain name the host name that the kernel knows.
        shareProcessNamespace Lets the containers see and signal each other's processes.
        subdomain With it, the pod has the name hostname.subdomain.namespace.svc and the cluster's domain, where a headless Service of the subdomain's name exists.
        terminationGracePeriodSeconds Seconds between the request to stop and the kill; 30 by default. 0 kills at once.
        tolerations Taints of nodes that the pod puts up with.
        topologySpreadConstraints How evenly pods are spread over zones, nodes or other domains.
        volumes Volumes that containers can mount.
        # core.v1.Container core.v1.EphemeralContainer
        args Arguments of the command; those of the image by default. $(NAME) becomes the variable's value.
        command The program to run, instead of the image's own. No shell is involved.
        env Environment variables. What is set here goes before envFrom.
        envFrom Config maps and Secrets whose every key becomes an environment variable. The last one that has a key wins.
        image Name of the image, with a tag or digest.
        imagePullPolicy Always, IfNotPresent or Never. By default Always for the tag latest or no tag, else IfNotPresent.
        lifecycle What is done right after the start and before the stop.
        livenessProbe Tells whether the container still works. It is started again when it does not.
        name Name of the container, a DNS label; once in the pod.
        ports Ports that it listens on. This informs; a port that is not listed can be reached as well.
        readinessProbe Tells whether the container can serve. While it cannot, Services send it nothing.
        resizePolicy Whether a change of its resources needs a restart.
        resources What the container needs and what it may use at most.
        restartPolicy On an init container, Always makes a sidecar of it. Elsewhere it goes before the pod's.
        restartPolicyRules Rules on exit codes that go before restartPolicy; the first that fits counts.
        securityContext User, capabilities and other security settings. They go before those of the pod.
        startupProbe Tells whether the container has started. The other probes wait for it; when it gives up the container is started again.
        stdin Keeps the standard input open, so that one can attach to it.
        stdinOnce Closes the standard input when the first who attached to it goes.
        terminationMessagePath File whose text becomes the message of the state when the container ends; /dev/termination-log by default.
        terminationMessagePolicy File, or FallbackToLogsOnError: the end of the log is taken where the file is empty and the container failed.
        tty Gives the container a terminal; needs stdin.
        volumeDevices Volumes that the container gets as raw block devices.
        volumeMounts Volumes that are mounted into the container's file system.
        workingDir Working directory; that of the image by default.
        # core.v1.Container
        - One program of a pod, with its image, settings, needs and probes.
        # core.v1.EphemeralContainer
        - A container that is added to a running pod to look into it. It has no guarantees and is never started again.
        targetContainerName The container whose processes it sees.
        # core.v1.ContainerPort
        - A port that a container listens on.
        containerPort Number of the port, 1 to 65535.
        hostIP Address of the node that hostPort is bound to; all by default.
        hostPort Port of the node that leads to it. Only one pod of a node can have it.
        name A name for Services and probes to use, once in the pod.
        protocol TCP (the default), UDP or SCTP.
        # core.v1.EnvVar
        - One environment variable.
        name Name of the variable.
        value Its value. $(OTHER) becomes the value of a variable before it; $$ stands for a dollar sign.
        valueFrom Where the value comes from, instead of value.
        # core.v1.EnvVarSource
        - Where the value of a variable comes from: exactly one of these.
        configMapKeyRef A key of a ConfigMap in the pod's namespace.
        fieldRef A field of the pod, such as metadata.name, status.podIP or metadata.labels['app'].
        fileKeyRef A key of a file of variables in a volume.
        resourceFieldRef A limit or request of a container.
        secretKeyRef A key of a Secret in the pod's namespace.
        # core.v1.EnvFromSource
        - An object whose every key becomes a variable.
        configMapRef The ConfigMap.
        prefix Put before each name.
        secretRef The Secret.
        # core.v1.ConfigMapKeySelector core.v1.SecretKeySelector
        - One key of an object in the same namespace.
        key The key.
        # core.v1.ConfigMapKeySelector core.v1.SecretKeySelector core.v1.ConfigMapEnvSource core.v1.SecretEnvSource core.v1.ConfigMapProjection core.v1.SecretProjection core.v1.ConfigMapVolumeSource
        name Name of the object.
        optional With true it may be missing.
        # core.v1.ConfigMapEnvSource
        - A ConfigMap whose keys become variables.
        # core.v1.SecretEnvSource
        - A Secret whose keys become variables.
        # core.v1.FileKeySelector
        - One key of a file of variables.
        key The key.
        optional With true file or key may be missing.
        path Path of the file in the volume.
        volumeName Volume of the pod that has the file.
        # core.v1.ObjectFieldSelector
        - A field of the pod.
        apiVersion Version of the API that the path is for; v1 by default.
        fieldPath Path of the field.
        # core.v1.ResourceFieldSelector
        - A limit or request of a container.
        containerName The container; the one that asks by default.
        divisor The unit that the value is counted in, rounded up; 1 by default.
        resource Such as limits.cpu or requests.memory.
        # core.v1.ResourceRequirements
        - What is needed and what may be used at most.
        claims Claims of the pod that the container uses.
        limits The most that may be used. More memory than that ends the container; the processor is held back.
        requests What is set aside on the node. The limit by default, where there is one.
        # core.v1.VolumeResourceRequirements
        - How large a volume must be.
        limits The most it may be.
        requests The least it must be, under the name storage.
        # core.v1.ResourceClaim
        - A claim of the pod that a container uses.
        name Name of the entry of the pod's resourceClaims.
        request One request of the claim; all by default.
        # core.v1.PodResourceClaim
        - A claim to devices: one that exists, or one made for this pod.
        name What containers call it.
        resourceClaimName Name of a ResourceClaim that exists.
        resourceClaimTemplateName Name of the ResourceClaimTemplate that one is made from.
        # core.v1.ContainerResizePolicy
        - What a change of one resource means for the container.
        resourceName cpu or memory.
        restartPolicy NotRequired (the default) or RestartContainer.
        # core.v1.ContainerRestartRule
        - What happens when the container ends in a certain way.
        action Restart or RestartAllContainers.
        exitCodes The exit codes it is about.
        # core.v1.ContainerRestartRuleOnExitCodes
        - A set of exit codes.
        operator In or NotIn.
        values The exit codes, 255 at most.
        # core.v1.Probe
        - A question that is asked of a container again and again: exactly one of exec, grpc, httpGet and tcpSocket.
        exec Runs a command in the container; exit code 0 is a yes.
        failureThreshold How many times in a row it must fail to count as failed; 3 by default.
        grpc Asks the gRPC health service.
        httpGet Sends a GET request; a status from 200 to 399 is a yes.
        initialDelaySeconds Seconds after the container's start before it is asked first.
        periodSeconds Seconds between two questions; 10 by default.
        successThreshold How many times in a row it must succeed to count as succeeded again; 1 by default, and always 1 for liveness and startup.
        tcpSocket Opens a connection; that it opens is a yes.
        terminationGracePeriodSeconds Seconds that the container has to stop after this probe failed, instead of the pod's. Not for readiness.
        timeoutSeconds Seconds after which no answer is a no; 1 by default.
        # core.v1.ExecAction
        - A command that is run in the container.
        command The program and its arguments, with no shell around them.
        # core.v1.HTTPGetAction
        - A GET request to the container.
        host Address to connect to; the pod's by default.
        httpHeaders Headers that are sent along.
        path Path that is asked for.
        port Number or name of the port.
        scheme HTTP (the default) or HTTPS, whose certificate is not checked.
        # core.v1.HTTPHeader
        - One header.
        name Name of the header.
        value Its value.
        # core.v1.TCPSocketAction
        - A connection to the container.
        host Address to connect to; the pod's by default.
        port Number or name of the port.
        # core.v1.GRPCAction
        - A question to the gRPC health service.
        port Number of the port.
        service Name of the service that is asked about; empty is the server as a whole.
        # core.v1.SleepAction
        - A pause.
        seconds Its length.
        # core.v1.Lifecycle
        - What is done right after the start and before the stop of a container.
        postStart Right after the start, at the same time as the container's own program. The container is killed when it fails.
        preStop Before the container is asked to stop. Its time counts in the grace period.
        stopSignal Signal that asks the container to stop; what the image says, else SIGTERM. Needs the pod's os.
        # core.v1.LifecycleHandler
        - What is done: exactly one of these.
        exec Runs a command in the container.
        httpGet Sends a GET request.
        sleep Waits.
        tcpSocket Only there for old objects; it does nothing.
        # core.v1.VolumeMount
        - Where a volume is in the container's file system.
        mountPath Path in the container. It must not contain a colon.
        mountPropagation How mounts made later spread: None (the default), HostToContainer or Bidirectional.
        name Name of a volume of the pod.
        readOnly Forbids writing.
        recursiveReadOnly Disabled (the default), IfPossible or Enabled: whether mounts below are read-only too.
        subPath Path in the volume that is mounted instead of its root.
        subPathExpr The same with $(NAME) for environment variables. Not together with subPath.
        # core.v1.VolumeDevice
        - A volume as a raw block device.
        devicePath Path of the device in the container.
        name Name of a volume of the pod that is a claim.
        # core.v1.SecurityContext
        - Security settings of a container. They go before those of the pod.
        allowPrivilegeEscalation Whether a process can get more rights than its parent. Always true for privileged containers.
        appArmorProfile The AppArmor profile.
        capabilities Capabilities of the kernel that are added or taken away.
        privileged Gives the container about all that root on the node may do.
        procMount Default or Unmasked: which parts of /proc can be seen.
        readOnlyRootFilesystem Forbids writing outside of volumes.
        # core.v1.PodSecurityContext
        - Security settings of all containers of a pod.
        appArmorProfile The AppArmor profile.
        fsGroup Group that owns files of volumes that support it; every container is a member.
        fsGroupChangePolicy Always (the default), or OnRootMismatch: files keep their group where the root of the volume has the right one already.
        seLinuxChangePolicy MountOption or Recursive: how SELinux labels get onto volumes.
        supplementalGroups More groups that the processes are members of.
        supplementalGroupsPolicy Merge (the default): the image's groups count too. Strict: they do not.
        sysctls Kernel parameters of the pod.
        # core.v1.SecurityContext core.v1.PodSecurityContext
        runAsGroup Group that processes run as; what the image says by default.
        runAsNonRoot With true a container that would run as root is not started.
        runAsUser User that processes run as; what the image says by default.
        seLinuxOptions The SELinux context.
        seccompProfile Which system calls are allowed.
        windowsOptions Settings for Windows.
        # core.v1.Capabilities
        - Capabilities of the kernel, without CAP_ in front.
        add Given besides those that the runtime gives.
        drop Taken away; ALL takes every one.
        # core.v1.SeccompProfile core.v1.AppArmorProfile
        localhostProfile Name of a profile on the node; for the type Localhost only.
        type RuntimeDefault, Unconfined or Localhost.
        # core.v1.SeccompProfile
        - Which system calls are allowed.
        # core.v1.AppArmorProfile
        - Which AppArmor profile is used.
        # core.v1.SELinuxOptions
        - An SELinux context.
        level Its level.
        role Its role.
        type Its type.
        user Its user.
        # core.v1.WindowsSecurityContextOptions
        - Security settings for Windows.
        gmsaCredentialSpec The GMSA credential spec itself.
        gmsaCredentialSpecName Name of the GMSA credential spec.
        hostProcess Runs the container on the host. All containers of a pod must agree.
        runAsUserName User that the program runs as.
        # core.v1.Sysctl
        - A kernel parameter.
        name Its name.
        value Its value.
        # core.v1.Affinity
        - Rules on where a pod is scheduled.
        nodeAffinity By the labels of nodes.
        podAffinity Near pods that are there.
        podAntiAffinity Away from pods that are there.
        # core.v1.NodeAffinity core.v1.PodAffinity core.v1.PodAntiAffinity
        preferredDuringSchedulingIgnoredDuringExecution Wishes with weights: the node where most weight comes together is preferred. Pods that run stay when it changes.
        requiredDuringSchedulingIgnoredDuringExecution What must hold when a node is chosen. Pods that run stay when it no longer does.
        # core.v1.NodeAffinity
        - Rules on the labels of the node.
        # core.v1.PodAffinity
        - Rules on pods to be near to.
        # core.v1.PodAntiAffinity
        - Rules on pods to be away from.
        # core.v1.NodeSelector
        - Chooses nodes: one of the terms must hold.
        nodeSelectorTerms The terms.
        # core.v1.NodeSelectorTerm
        - Conditions that must all hold. A term without any chooses nothing.
        matchExpressions Conditions on labels.
        matchFields Conditions on fields; only metadata.name is known.
        # core.v1.NodeSelectorRequirement
        operator In, NotIn, Exists, DoesNotExist, Gt or Lt.
        values Values for In and NotIn, one number for Gt and Lt, none for the others.
        # core.v1.PreferredSchedulingTerm
        - A wish for nodes.
        preference Which nodes.
        weight 1 to 100.
        # core.v1.WeightedPodAffinityTerm
        - A wish with a weight.
        podAffinityTerm Which pods, and how near.
        weight 1 to 100.
        # core.v1.PodAffinityTerm
        - Which pods, and how near.
        labelSelector Labels of the pods.
        matchLabelKeys Labels of the pod to be scheduled whose values the others must have too.
        mismatchLabelKeys Labels of the pod to be scheduled whose values the others must not have.
        namespaceSelector Labels of the namespaces of the pods; an empty selector is every namespace.
        namespaces Names of the namespaces of the pods; the pod's own where neither this nor namespaceSelector is given.
        topologyKey Label of nodes: nodes with the same value count as one place.
        # core.v1.Toleration
        - Taints that the pod puts up with.
        effect NoSchedule, PreferNoSchedule or NoExecute; any by default.
        key Name of the taint; any where empty, with the operator Exists.
        operator Equal (the default) or Exists; Lt and Gt compare numbers where enabled.
        tolerationSeconds Seconds until the pod must go, for NoExecute only; it stays by default.
        value Value of the taint, for Equal.
        # core.v1.TopologySpreadConstraint
        - How evenly pods are spread.
        labelSelector The pods that are counted.
        matchLabelKeys Labels of the pod whose values those that are counted must have too.
        maxSkew By how many pods the fullest domain may have more than the emptiest.
        minDomains How many domains there must be at least; while there are fewer, the emptiest counts as empty. For DoNotSchedule only.
        nodeAffinityPolicy Honor (the default): only nodes that the pod's affinity and selector allow count. Ignore: all do.
        nodeTaintsPolicy Ignore (the default): nodes with taints count. Honor: only those that the pod tolerates do.
        topologyKey Label of nodes whose values are the domains.
        whenUnsatisfiable DoNotSchedule (the default) or ScheduleAnyway.
        # core.v1.PodDNSConfig
        - Settings of name resolution.
        nameservers Addresses of name servers, added to those of the policy.
        options Options of the resolver, added to or instead of those of the policy.
        searches Domains that are tried after a short name, added to those of the policy.
        # core.v1.PodDNSConfigOption
        - An option of the resolver.
        name Its name.
        value Its value, if it has one.
        # core.v1.HostAlias
        - A line of /etc/hosts.
        hostnames The names.
        ip The address.
        # core.v1.PodOS
        - The operating system of a pod.
        name linux or windows.
        # core.v1.PodReadinessGate
        - A condition that others set.
        conditionType Its type.
        # core.v1.PodSchedulingGate
        - A reason not to schedule the pod yet.
        name Its name.
        # core.v1.PodSchedulingGroup
        - The group of pods that a pod is scheduled with.
        podGroupName Name of the PodGroup.
        # core.v1.PodStatus
        - What runs of a pod. Written by the agent of its node; it may be behind.
        allocatedResources What the node has set aside for the pod as a whole.
        conditions Whether the pod is scheduled, initialised, ready and so on.
        containerStatuses The state of each container.
        ephemeralContainerStatuses The state of each ephemeral container.
        extendedResourceClaimStatus The claim that was made for extended resources.
        hostIP Address of the node.
        hostIPs Addresses of the node, one a family.
        initContainerStatuses The state of each init container, in their order.
        message Why the pod is in this state, for people.
        nodeAllocatableResourceClaimStatuses What claims take of the node's own resources.
        nominatedNodeName Node where room is being made for the pod.
        observedGeneration The generation of the pod that the status is about.
        phase Pending, Running, Succeeded, Failed or Unknown.
        podIP Address of the pod; empty until it has one.
        podIPs Addresses of the pod, one a family.
        qosClass Guaranteed, Burstable or BestEffort: who goes last, and who first, when the node runs short.
        reason Why the pod is in this state, in one word, such as Evicted.
        resize How a change of resources is going; conditions say it now.
        resourceClaimStatuses The claims that were made for the pod.
        resources What the pod as a whole has at present.
        startTime When the node's agent took the pod up.
        # core.v1.PodIP core.v1.HostIP
        ip The address.
        # core.v1.PodIP
        - An address of a pod.
        # core.v1.HostIP
        - An address of a node.
        # core.v1.PodResourceClaimStatus
        - A claim that was made for the pod.
        name Name in the pod's resourceClaims.
        resourceClaimName Name of the ResourceClaim.
        # core.v1.PodExtendedResourceClaimStatus
        - The claim that was made for extended resources.
        requestMappings Which request is for which container and resource.
        resourceClaimName Name of the ResourceClaim.
        # core.v1.ContainerExtendedResourceRequest
        - A request that stands for an extended resource of a container.
        containerName The container.
        requestName The request of the claim.
        resourceName The extended resource.
        # core.v1.NodeAllocatableResourceClaimStatus
        - What one claim takes of the node's own resources.
        containers Containers that use the claim.
        resourceClaimName Name of the ResourceClaim.
        resources How much it takes of which.
        # core.v1.ContainerStatus
        - The state of one container.
        allocatedResources What the node has set aside for it.
        allocatedResourcesStatus How its devices are.
        containerID Identity in the runtime, as type://id.
        image The image that runs.
        imageID Identity of the image, with its digest.
        lastState How it ended the last time.
        name Name of the container.
        ready Whether its readiness probe succeeds.
        resources What it has at present.
        restartCount How often it was started again.
        started Whether it is past its startup probe and its postStart hook.
        state Whether it waits, runs or has ended.
        stopSignal Signal that asks it to stop.
        user The user and groups that its first process got.
        volumeMounts How its volumes are mounted.
        # core.v1.ContainerState
        - Exactly one of these; waiting where none is given.
        running It runs.
        terminated It has ended.
        waiting It does not run yet, or not at the moment.
        # core.v1.ContainerStateRunning
        - A container that runs.
        startedAt Since when.
        # core.v1.ContainerStateTerminated
        - A container that has ended.
        containerID Identity in the runtime, as type://id.
        exitCode Its exit code.
        finishedAt When it ended.
        message Details, from the termination message.
        reason Why, in one word, such as Completed, Error or OOMKilled.
        signal The signal that ended it.
        startedAt When it had started.
        # core.v1.ContainerStateWaiting
        - A container that does not run.
        message Details.
        reason Why, in one word, such as ContainerCreating or CrashLoopBackOff.
        # core.v1.ContainerUser
        - Whom a container runs as.
        linux On Linux.
        # core.v1.LinuxContainerUser
        - User and groups of the first process.
        gid Its group.
        supplementalGroups Its further groups.
        uid Its user.
        # core.v1.ResourceStatus
        - How the devices of one resource are.
        name Name of the resource.
        resources Each device.
        # core.v1.ResourceHealth
        - How one device is.
        health Healthy, Unhealthy or Unknown.
        message Details.
        resourceID Identity of the device.
        # core.v1.VolumeMountStatus
        - How a volume is mounted.
        mountPath Path in the container.
        name Name of the volume.
        readOnly Whether writing is forbidden.
        recursiveReadOnly Whether it is for mounts below too.
        volumeStatus More about the volume, depending on its type.
        # core.v1.VolumeStatus
        - More about a volume.
        image Of an image volume.
        # core.v1.ImageVolumeStatus
        - The image of a volume.
        imageRef Its digest.
        # core.v1.Event
        - Something that happened to an object, told by the component that saw or did it. Events go after an hour.
        action What was done or failed.
        count How often it happened.
        eventTime When it was first seen, exact to the microsecond.
        firstTimestamp When it was first seen.
        involvedObject The object it is about.
        lastTimestamp When it was last seen.
        message What happened, for people.
        reason What happened, in one word for programs.
        related Another object that it is about.
        reportingComponent The component that tells it.
        reportingInstance The instance of that component.
        series How it goes on, where it happens again and again.
        source The component that tells it, in the older form.
        type Normal or Warning.
        # core.v1.EventSeries
        - How an event goes on.
        count How often it has happened by now.
        lastObservedTime When it was last seen.
        # core.v1.EventSource
        - Who tells of an event.
        component Name of the component.
        host The node it runs on.
        # core.v1.ObjectReference
        - An object somewhere in the cluster.
        apiVersion API version of the object.
        fieldPath The part of the object that is meant.
        kind Kind of the object.
        name Name of the object.
        namespace Namespace of the object.
        resourceVersion Version of the object that is meant.
        uid UID of the object.
        """#
}
