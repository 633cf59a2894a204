import KubeAPI
import KubeJSON

/// Which container is meant, and whether it has what is asked for (pkg/registry/core/pod's locations and the
/// kubelet's own checks). Pure.
enum PodStreamRules {
    /// The container that a request names, or the only one.
    static func container(_ named: String, of pod: JSON) throws(APIStatus) -> String {
        let main = names("containers", pod)
        let initial = names("initContainers", pod)
        if !named.isEmpty {
            guard (main + initial + names("ephemeralContainers", pod)).contains(named) else {
                throw .badRequest("container \(named) is not valid for pod \(pod.name)")
            }
            return named
        }
        if main.count == 1 { return main[0] }
        var words = "a container name must be specified for pod \(pod.name)"
        if !main.isEmpty {
            words += ", choose one of: [\(main.joined(separator: " "))]"
            if !initial.isEmpty {
                words += " or one of the init containers: [\(initial.joined(separator: " "))]"
            }
        }
        throw .badRequest(words)
    }

    private static func names(_ list: String, _ pod: JSON) -> [String] {
        (pod["spec"]?[list]?.array ?? []).compactMap { $0["name"]?.string }
    }

    static func isScheduled(_ pod: JSON) -> Bool { !(pod["spec"]?["nodeName"]?.string ?? "").isEmpty }

    /// The id of the instance whose log is meant.
    static func logInstance(_ container: String, of pod: JSON, previous: Bool) throws(APIStatus) -> String {
        let lists = ["containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses"]
        let all = lists.flatMap { pod["status"]?[$0]?.array ?? [] }
        let subject = "container \"\(container)\" in pod \"\(pod.name)\""
        guard let status = all.first(where: { $0["name"]?.string == container }) else {
            throw .badRequest("\(subject) is not available")
        }
        let last = id(status.at("lastState", "terminated", "containerID"))
        if previous {
            guard let last else {
                throw .badRequest("previous terminated \(subject) not found")
            }
            return last
        }
        let state = status["state"]
        if state?["running"] != nil, let running = id(status["containerID"]) { return running }
        if let terminated = state?["terminated"] {
            guard let id = id(terminated["containerID"]) ?? last else {
                throw .badRequest("\(subject) is terminated")
            }
            return id
        }
        if let last { return last }
        guard let waiting = state?["waiting"] else {
            throw .badRequest("\(subject) is waiting to start - no logs yet")
        }
        switch waiting["reason"]?.string ?? "" {
        case "ErrImagePull": throw .badRequest("\(subject) is waiting to start: image can't be pulled")
        case "ImagePullBackOff":
            throw .badRequest("\(subject) is waiting to start: trying and failing to pull image")
        case let reason: throw .badRequest("\(subject) is waiting to start: \(reason)")
        }
    }

    /// `containerd://ID` without the runtime's name.
    private static func id(_ value: JSON?) -> String? {
        guard let text = value?.string, !text.isEmpty else { return nil }
        return text.firstRange(of: "://").map { String(text[$0.upperBound...]) } ?? text
    }

    // MARK: Options

    /// - Parameter now: what `sinceSeconds` counts back from.
    static func logOptions(
        _ query: QueryItems, pod: String, now: Timestamp
    ) throws(APIStatus) -> ContainerLogOptions {
        var options = ContainerLogOptions()
        var errors: [FieldError] = []
        options.follow = query.flag("follow")
        options.timestamps = query.flag("timestamps")
        func number(_ name: String, least: Int, _ words: String) throws(APIStatus) -> Int? {
            guard let text = query.first(name), !text.isEmpty else { return nil }
            guard let number = Int(text) else {
                throw .badRequest("strconv.ParseInt: parsing \"\(text)\": invalid syntax")
            }
            if number < least { errors.append(.invalid(FieldPath(name), .integer(Int64(number)), words)) }
            return number
        }
        options.tailLines = try number("tailLines", least: 0, "must be greater than or equal to 0")
        options.limitBytes = try number("limitBytes", least: 1, "must be greater than 0")
        let seconds = try number("sinceSeconds", least: 1, "must be greater than 0")
        let time = query.first("sinceTime") ?? ""
        if !time.isEmpty {
            guard let since = Timestamp(time) else {
                throw .badRequest("parsing time \"\(time)\" as \"2006-01-02T15:04:05Z07:00\": cannot parse")
            }
            options.since = since
            if seconds != nil {
                errors.append(
                    .forbidden(
                        FieldPath(""), "at most one of `sinceTime` or `sinceSeconds` may be specified"))
            }
        } else if let seconds {
            options.since = Timestamp(
                seconds: now.seconds - Int64(min(seconds, 1 << 40)), nanoseconds: now.nanoseconds)
        }
        switch query.first("stream") ?? "" {
        case "", "All": break
        case "Stdout": options.stream = .output
        case "Stderr": options.stream = .errors
        case let other:
            errors.append(
                .notSupported(FieldPath("stream"), .string(other), ["All", "Stdout", "Stderr"]))
        }
        if options.stream != nil, options.tailLines != nil {
            errors.append(
                .forbidden(
                    FieldPath(""), "`tailLines` and specific `stream` are mutually exclusive for now"))
        }
        guard errors.isEmpty else { throw .invalid(GroupKind("", "PodLogOptions"), pod, errors) }
        return options
    }

    /// The ports that a WebSocket client of port-forward names, in lists or one by one.
    static func ports(_ values: [String]) throws(APIStatus) -> [Int] {
        guard !values.isEmpty else { throw .badRequest("query parameter \"ports\" is required") }
        var ports: [Int] = []
        for value in values {
            if value.isEmpty { throw .badRequest("query parameter \"ports\" cannot be empty") }
            for text in value.split(separator: ",", omittingEmptySubsequences: false) {
                guard let port = UInt16(text), port > 0 else {
                    throw .badRequest("unable to parse \"\(value)\" as a port")
                }
                ports.append(Int(port))
            }
        }
        return ports
    }

    static func commandOptions(_ query: QueryItems) -> RemoteCommandOptions {
        var options = RemoteCommandOptions()
        options.command = query.all("command")
        options.stdin = query.flag("stdin")
        options.stdout = query.flag("stdout")
        options.tty = query.flag("tty")
        // A terminal has one output.
        options.stderr = query.flag("stderr") && !options.tty
        return options
    }
}
