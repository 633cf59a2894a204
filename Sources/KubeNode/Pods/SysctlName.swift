/// Names of the kernel's settings, which may be written with dots or slashes between their parts
/// (k8s.io/component-helpers/node/util/sysctl).
public enum SysctlName {
    /// With dots between the parts: a dot within a part then is a slash.
    public static func dotted(_ name: String) -> String {
        guard name.first(where: { $0 == "." || $0 == "/" }) == "/" else { return name }
        return String(name.map { $0 == "/" ? "." : $0 == "." ? "/" : $0 })
    }
}
