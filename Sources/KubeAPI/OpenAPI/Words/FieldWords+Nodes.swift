// swift-format-ignore-file

extension FieldWords {
    static let nodes: StaticString = #"""
        # core.v1.Node
        - A machine that runs pods.
        spec How the node is to be used.
        status What the node is and how it is. Written by its agent.
        # core.v1.NodeSpec
        - How a node is to be used.
        configSource No longer used.
        externalID No longer used.
        podCIDR Range that its pods get their addresses from.
        podCIDRs The same for each address family.
        providerID What the cloud calls the machine.
        taints What keeps pods away that do not tolerate it.
        unschedulable With true it gets no new pods; kubectl cordon sets it.
        # core.v1.Taint
        - Keeps pods away that do not tolerate it.
        effect NoSchedule: no new pods. PreferNoSchedule: rather no new pods. NoExecute: pods that are there must go too.
        key Name of the taint.
        timeAdded When it was added.
        value Value of the taint.
        # core.v1.NodeStatus
        - What a node is and how it is.
        addresses Its addresses and host names.
        allocatable What is left for pods of each resource.
        capacity How much it has of each resource.
        conditions Whether it is ready, and whether memory, disk or processes run short.
        config No longer used.
        daemonEndpoints Ports of its agent.
        declaredFeatures Features that it says it has.
        features What its runtime can do.
        images Images that it has.
        nodeInfo Its system and the versions of its programs.
        phase No longer used.
        runtimeHandlers The runtimes it has.
        volumesAttached Volumes that are attached to it.
        volumesInUse Volumes that it uses.
        # core.v1.NodeAddress
        - An address of a node.
        address The address.
        type Hostname, InternalIP, ExternalIP, InternalDNS or ExternalDNS.
        # core.v1.NodeSystemInfo
        - System and programs of a node.
        architecture Such as amd64.
        bootID New with each start of the machine.
        containerRuntimeVersion Runtime and its version, as name://version.
        kernelVersion Version of the kernel.
        kubeProxyVersion No longer used.
        kubeletVersion Version of its agent.
        machineID Identity of the installed system.
        operatingSystem Such as linux.
        osImage Name of the system.
        swap Its swap space.
        systemUUID Identity of the machine.
        # core.v1.NodeSwapStatus
        - Swap space of a node.
        capacity Bytes.
        # core.v1.NodeDaemonEndpoints
        - Ports of the programs of a node.
        kubeletEndpoint That of its agent.
        # core.v1.DaemonEndpoint
        - A port.
        Port Its number.
        # core.v1.ContainerImage
        - An image that a node has.
        names What it is called.
        sizeBytes Its size.
        # core.v1.NodeRuntimeHandler
        - A runtime that a node has.
        features What it can do.
        name Its name; empty for the usual one.
        # core.v1.NodeRuntimeHandlerFeatures
        - What a runtime can do.
        recursiveReadOnlyMounts Mounts that are read-only all the way down.
        userNamespaces Pods with users of their own.
        # core.v1.NodeFeatures
        - What the runtime of a node can do.
        supplementalGroupsPolicy It honours supplementalGroupsPolicy.
        # core.v1.AttachedVolume
        - A volume that is attached.
        devicePath The device it is.
        name Name of the volume.
        # core.v1.Namespace
        - A space for names: objects in it, and rights and quotas for them.
        spec How the namespace behaves.
        status Whether it is in use or on its way out.
        # core.v1.NamespaceSpec
        - How a namespace behaves.
        finalizers Who must be done before a deleted namespace goes.
        # core.v1.NamespaceStatus
        - Whether a namespace is in use or on its way out.
        conditions What holds up the deletion.
        phase Active, or Terminating while everything in it is being deleted.
        """#
}
