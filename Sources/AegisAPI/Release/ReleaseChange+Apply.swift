import KubeJSON

/// Why a change cannot be made to a workload.
public struct ChangeError: Error, Equatable, Sendable, CustomStringConvertible {
    public let description: String

    init(_ description: String) { self.description = description }
}

extension ReleaseChange {
    /// How the workload is to be after the change. Doing it twice is doing it once.
    /// - Parameter at: when the release was made, in milliseconds since 1970; a restart is marked with it.
    public func applied(to state: WorkloadState, at: Int64) throws(ChangeError) -> WorkloadState {
        var state = state
        if let restored { state.template = restored }
        if let replicas { state.replicas = replicas }
        if isRestart {
            state.template.set(
                .string(timestamp(at)), at: "metadata", "annotations", "kubectl.kubernetes.io/restartedAt")
        }
        guard image != nil || !environment.isEmpty else { return state }
        var containers = state.template.at("spec", "containers")?.array ?? []
        let position = try position(in: containers)
        if let image { containers[position]["image"] = .string(image) }
        if !environment.isEmpty {
            var variables = containers[position]["env"]?.array ?? []
            for (name, value) in environment {
                let present = variables.firstIndex { $0["name"]?.string == name }
                // As the API server keeps it: an empty value is not there.
                var variable: JSON = ["name": .string(name)]
                if let value, !value.isEmpty { variable["value"] = .string(value) }
                switch (present, value) {
                // A variable that came from a Secret or a field is plain from now on.
                case (let index?, _?): variables[index] = variable
                case (nil, _?): variables.append(variable)
                case (let index?, nil): variables.remove(at: index)
                case (nil, nil): break
                }
            }
            if variables.isEmpty {
                containers[position].removeValue(forKey: "env")
            } else {
                containers[position]["env"] = .array(variables)
            }
        }
        state.template.set(.array(containers), at: "spec", "containers")
        return state
    }

    private func position(in containers: [JSON]) throws(ChangeError) -> Int {
        if let container {
            if let position = containers.firstIndex(where: { $0["name"]?.string == container }) {
                return position
            }
            throw ChangeError("the workload has no container \"\(container)\"")
        }
        if containers.count == 1 { return 0 }
        let names = containers.compactMap { $0["name"]?.string }.joined(separator: ", ")
        throw ChangeError("the workload has several containers (\(names)): name one")
    }

    /// The change in words.
    var summary: String {
        if let undoes { return "undoing release \(undoes)" }
        var parts: [String] = []
        if let image { parts.append("image \(image)") }
        // Values may be secrets.
        if !environment.isEmpty {
            parts.append("environment \(environment.map(\.name).joined(separator: ", "))")
        }
        if let replicas { parts.append("\(replicas) replicas") }
        if isRestart { parts.append("restart") }
        return parts.joined(separator: ", ")
    }
}

/// A time as RFC 3339 has it, in UTC: whole seconds, or with milliseconds.
/// - Parameter milliseconds: since 1970.
func timestamp(_ milliseconds: Int64, fraction: Bool = false) -> String {
    var days = milliseconds / 86_400_000
    var rest = milliseconds % 86_400_000
    if rest < 0 {
        days -= 1
        rest += 86_400_000
    }
    // The civil calendar, counted from 1 March of the year 0 in cycles of 400 years.
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    func padded(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
    let seconds = rest / 1000
    return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))T\(padded(seconds / 3600, 2)):"
        + "\(padded(seconds / 60 % 60, 2)):\(padded(seconds % 60, 2))\(fraction ? "." + padded(rest % 1000, 3) : "")Z"
}
