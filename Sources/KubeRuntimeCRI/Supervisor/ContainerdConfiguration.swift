/// What containerd's configuration file says for an instance of aegis' own.
public struct ContainerdConfiguration: Sendable, Equatable {
    /// The data directory; all of the instance is beneath it.
    public var dataDirectory: String
    /// The image of each pod's first container.
    public var sandboxImage: String
    public var snapshotter: String
    /// Whether processes may be made less likely to be ended when memory is short; it takes a capability
    /// (CAP_SYS_RESOURCE) that root does not have everywhere.
    public var lowersMemoryScores = true

    public init(
        dataDirectory: String, sandboxImage: String = "aegis.local/pause:1", snapshotter: String = "overlayfs"
    ) {
        self.dataDirectory = dataDirectory
        self.sandboxImage = sandboxImage
        self.snapshotter = snapshotter
    }

    public var directory: String { dataDirectory + "/containerd" }
    public var root: String { directory + "/root" }
    public var state: String { directory + "/state" }
    public var socket: String { directory + "/containerd.sock" }
    public var file: String { directory + "/config.toml" }
    public var log: String { directory + "/containerd.log" }
    public var pidFile: String { directory + "/containerd.pid" }
    public var networkConfigurations: String { dataDirectory + "/cni/net.d" }
    public var networkPlugins: String { dataDirectory + "/cni/bin" }

    /// The file's text (containerd 1.6 and 1.7, configuration version 2). Control groups are driven by their
    /// file system, for there need not be a systemd; plugins that would make directories elsewhere, or need
    /// what the machine may not have, are off.
    public var text: String {
        """
        version = 2
        oom_score = \(lowersMemoryScores ? -999 : 0)
        root = \(Self.quoted(root))
        state = \(Self.quoted(state))
        disabled_plugins = [
          "io.containerd.internal.v1.opt", "io.containerd.snapshotter.v1.aufs",
          "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.devmapper",
          "io.containerd.snapshotter.v1.zfs", "io.containerd.tracing.processor.v1.otlp",
          "io.containerd.internal.v1.tracing", "io.containerd.nri.v1.nri",
        ]

        [grpc]
          address = \(Self.quoted(socket))

        [plugins."io.containerd.grpc.v1.cri"]
          sandbox_image = \(Self.quoted(sandboxImage))
          stream_server_address = "127.0.0.1"
          stream_server_port = "0"
          netns_mounts_under_state_dir = true
          restrict_oom_score_adj = \(!lowersMemoryScores)
          [plugins."io.containerd.grpc.v1.cri".cni]
            bin_dir = \(Self.quoted(networkPlugins))
            conf_dir = \(Self.quoted(networkConfigurations))
          [plugins."io.containerd.grpc.v1.cri".containerd]
            snapshotter = \(Self.quoted(snapshotter))
            default_runtime_name = "runc"
            [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
              runtime_type = "io.containerd.runc.v2"
              [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
                SystemdCgroup = false
                Root = \(Self.quoted(state + "/runc"))

        """
    }

    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
