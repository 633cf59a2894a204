// swift-format-ignore-file

extension FieldWords {
    static let services: StaticString = #"""
        # core.v1.Service
        - One name and address for a set of pods.
        spec Which pods, which ports, and who can reach it.
        status Addresses of load balancers.
        # core.v1.ServiceSpec
        - Which pods, which ports, and who can reach it.
        allocateLoadBalancerNodePorts Whether a LoadBalancer gets node ports; true by default.
        clusterIP Its address in the cluster, given by the server where it is empty. None makes it headless: its name leads to the pods themselves. It cannot be changed.
        clusterIPs The same for each address family.
        externalIPs Further addresses at which nodes take traffic for it. Whoever runs the network must bring it there.
        externalName The name that it stands for; for the type ExternalName.
        externalTrafficPolicy Where traffic from outside goes: Cluster (the default), any pod. Local: pods of the node that it came to, with the client's address kept.
        healthCheckNodePort Port where nodes tell load balancers whether they have pods; for LoadBalancer with the policy Local.
        internalTrafficPolicy Where traffic from inside goes: Cluster (the default), any pod. Local: pods of the same node.
        ipFamilies IPv4, IPv6 or both, the first one first.
        ipFamilyPolicy SingleStack (the default), PreferDualStack or RequireDualStack.
        loadBalancerClass Which implementation makes the load balancer.
        loadBalancerIP The address that the load balancer should have, where that is possible.
        loadBalancerSourceRanges Ranges of clients that the load balancer lets in; all by default.
        ports The ports.
        publishNotReadyAddresses Whether its name leads to pods that are not ready too.
        selector Labels of the pods. Without it somebody else writes the endpoints.
        sessionAffinity None (the default), or ClientIP: a client stays with its pod.
        sessionAffinityConfig Settings of ClientIP.
        trafficDistribution Which pods are preferred: PreferSameZone (PreferClose is its older name) or PreferSameNode.
        type ClusterIP (the default): in the cluster. NodePort: also at a port of each node. LoadBalancer: also through a load balancer. ExternalName: stands for another name.
        # core.v1.ServicePort
        - A port of a Service.
        appProtocol The protocol above, such as http or kubernetes.io/h2c; a hint.
        name Name of the port; needed where there are several.
        nodePort Port of each node; given by the server where it is empty, from 30000 to 32767.
        port Port of the Service.
        protocol TCP (the default), UDP or SCTP.
        targetPort Number or name of the pods' port; as port by default.
        # core.v1.SessionAffinityConfig
        - How a client stays with its pod.
        clientIP By its address.
        # core.v1.ClientIPConfig
        - How a client stays with its pod, by its address.
        timeoutSeconds Seconds since its last request; 10800 by default, a day at most.
        # core.v1.ServiceStatus
        - What became of a Service.
        conditions What there is to say of it.
        loadBalancer Its load balancer.
        # core.v1.LoadBalancerStatus networking.v1.IngressLoadBalancerStatus
        - Where a load balancer takes traffic.
        ingress Its addresses.
        # core.v1.LoadBalancerIngress networking.v1.IngressLoadBalancerIngress
        - An address of a load balancer.
        hostname Its name, where it has one.
        ip Its address, where it has one.
        ipMode VIP or Proxy: whether traffic keeps this address when it arrives.
        ports Its ports.
        # core.v1.PortStatus networking.v1.IngressPortStatus
        - A port of a load balancer.
        error Why it does not work.
        port Its number.
        protocol TCP, UDP or SCTP.
        # core.v1.ConfigMap
        - Settings by name, for pods to read as variables or files. 1 MiB at most.
        binaryData Values that are no text, in base64. No key may be in data too.
        data Values that are text.
        immutable With true neither data nor this can be changed: only delete it and make it anew.
        # core.v1.Secret
        - Passwords, keys and tokens by name, for pods to read as variables or files. 1 MiB at most.
        data Values in base64.
        immutable With true neither data nor this can be changed: only delete it and make it anew.
        stringData Values as plain text, for writing: the server moves them to data, where they win.
        type What the Secret is for and which keys it must have, such as kubernetes.io/tls; Opaque by default. It cannot be changed.
        # core.v1.ServiceAccount
        - Whom pods act as when they speak with the API.
        automountServiceAccountToken Whether pods of the account get its token; true by default. The pod's own word goes before.
        imagePullSecrets Secrets for pulling images that pods of the account get where they name none.
        secrets Secrets that pods of the account may use, where that is enforced.
        # core.v1.LocalObjectReference
        - An object of the same namespace.
        name Its name.
        # core.v1.TypedLocalObjectReference core.v1.TypedObjectReference
        - An object of some kind.
        apiGroup Its API group; empty for the core group.
        kind Its kind.
        name Its name.
        namespace Its namespace; the own one by default.
        # core.v1.SecretReference
        - A Secret of any namespace.
        name Its name.
        namespace Its namespace.
        # networking.v1.NetworkPolicy
        - Which traffic pods may have. A pod that no policy chooses may have any.
        spec Which pods and which traffic.
        # networking.v1.NetworkPolicySpec
        - Which pods and which traffic. What several policies allow adds up.
        egress Traffic that may leave the pods. None with an empty list.
        ingress Traffic that may come to the pods. None with an empty list.
        podSelector The pods of the namespace; an empty one is all.
        policyTypes Ingress, Egress or both. By default Ingress, and Egress where egress is given.
        # networking.v1.NetworkPolicyIngressRule
        - Traffic that may come: from one of these peers, to one of these ports.
        from Where it may come from; anywhere by default.
        ports Ports of the pods; all by default.
        # networking.v1.NetworkPolicyEgressRule
        - Traffic that may leave: to one of these peers, at one of these ports.
        ports Ports of the peers; all by default.
        to Where it may go; anywhere by default.
        # networking.v1.NetworkPolicyPeer
        - The other side: a range of addresses, or pods.
        ipBlock A range of addresses; alone.
        namespaceSelector Namespaces of the pods; an empty one is all.
        podSelector The pods, of the policy's own namespace where namespaceSelector is not given; an empty one is all.
        # networking.v1.NetworkPolicyPort
        - A port or a range of them.
        endPort Last port of the range that begins with port.
        port Number or name; all by default.
        protocol TCP (the default), UDP or SCTP.
        # networking.v1.IPBlock
        - A range of addresses with exceptions.
        cidr The range, such as 10.0.0.0/8.
        except Ranges in it that are left out.
        # networking.v1.Ingress
        - Brings HTTP requests from outside to Services, by host and path.
        spec Which requests go where.
        status Addresses of the load balancer.
        # networking.v1.IngressSpec
        - Which requests go where.
        defaultBackend Where requests go that no rule fits.
        ingressClassName Which controller does it.
        rules By host and path.
        tls Certificates by host.
        # networking.v1.IngressRule
        - The requests of one host.
        host Name of the host, *. for any name before; all by default.
        http Where they go.
        # networking.v1.HTTPIngressRuleValue
        - Where requests go, by path.
        paths The paths.
        # networking.v1.HTTPIngressPath
        - Where requests of one path go.
        backend The Service.
        path The path.
        pathType Exact, Prefix (by whole parts) or ImplementationSpecific.
        # networking.v1.IngressBackend
        - Where requests go: one of these.
        resource An object of the namespace.
        service A Service of the namespace.
        # networking.v1.IngressServiceBackend
        - A port of a Service.
        name Name of the Service.
        port The port.
        # networking.v1.ServiceBackendPort
        - A port: one of these.
        name Its name.
        number Its number.
        # networking.v1.IngressTLS
        - A certificate.
        hosts Hosts that it is for.
        secretName The Secret that has it.
        # networking.v1.IngressStatus
        - What became of an Ingress.
        loadBalancer Its load balancer.
        """#
}
