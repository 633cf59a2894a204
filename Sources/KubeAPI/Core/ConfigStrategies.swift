import KubeJSON

/// ConfigMaps, Secrets and ServiceAccounts.
enum ConfigStrategies {
    /// The most that the data of a ConfigMap or Secret may hold, in bytes.
    static let limit = 1 << 20

    static let configMap = Strategy { strategy in
        strategy.validate = { KubeFinalizers.validate($0) + validateConfigMap($0) }
        strategy.validateUpdate = { new, old in
            immutableData(new, old, ["data", "binaryData"]) + KubeFinalizers.validate(new)
                + validateConfigMap(new)
        }
    }

    static let secret = Strategy { strategy in
        strategy.setDefaults = { secret in
            secret.fill("type", "Opaque")
            writeStringData(&secret)
        }
        strategy.prepareForUpdate = { secret, old in
            if secret.text("type").isEmpty { secret["type"] = old["type"] }
        }
        strategy.validate = { KubeFinalizers.validate($0) + validateSecret($0) }
        strategy.validateUpdate = { new, old in
            FieldRules.immutable(new["type"], old["type"], FieldPath("type"))
                + immutableData(new, old, ["data"]) + KubeFinalizers.validate(new) + validateSecret(new)
        }
    }

    static let serviceAccount = Strategy { strategy in
        strategy.validate = { KubeFinalizers.validate($0) }
        strategy.validateUpdate = { new, _ in KubeFinalizers.validate(new) }
        strategy.warnings = { account, _ in
            var warnings: [String] = []
            let key = "kubernetes.io/enforce-mountable-secrets"
            if account.at("metadata", "annotations", key) != nil {
                warnings.append(
                    "metadata.annotations[\(key)]: deprecated in v1.32+; prefer separate namespaces to isolate "
                        + "access to mounted secrets")
            }
            return warnings
        }
    }

    private static func validateConfigMap(_ map: JSON) -> Errors {
        var errors: Errors = []
        var size = 0
        let binary = map["binaryData"]
        for (key, value) in map["data"]?.object ?? [:] {
            errors.check(key, FieldPath("data").key(key), NameRules.configMapKey)
            if binary?[key] != nil {
                errors.append(
                    .invalid(
                        FieldPath("data").key(key), .string(key), "duplicate of key present in binaryData"))
            }
            size += value.string?.utf8.count ?? 0
        }
        for (key, value) in binary?.object ?? [:] {
            errors.check(key, FieldPath("binaryData").key(key), NameRules.configMapKey)
            size += Base64.decodedCount(value.string ?? "")
        }
        if size > limit { errors.append(.tooLong(.root, limit)) }
        return errors
    }

    private static func immutableData(_ new: JSON, _ old: JSON, _ fields: [String]) -> Errors {
        guard old.flag("immutable") else { return [] }
        let words = "field is immutable when `immutable` is set"
        var errors: Errors = []
        if !new.flag("immutable") { errors.append(.forbidden(FieldPath("immutable"), words)) }
        for field in fields where !FieldRules.same(new[field], old[field]) {
            errors.append(.forbidden(FieldPath(field), words))
        }
        return errors
    }

    /// What a Secret's `type` asks of its data.
    private static func validateSecret(_ secret: JSON) -> Errors {
        var errors: Errors = []
        let path = FieldPath("data")
        let data = secret["data"]
        var size = 0
        for (key, value) in data?.object ?? [:] {
            errors.check(key, path.key(key), NameRules.configMapKey)
            size += Base64.decodedCount(value.string ?? "")
        }
        if size > limit { errors.append(.tooLong(path, limit)) }
        func require(_ keys: String...) {
            for key in keys where data?[key] == nil { errors.append(.required(path.key(key))) }
        }
        switch secret.text("type") {
        case "kubernetes.io/service-account-token":
            let key = "kubernetes.io/service-account.name"
            if secret.at("metadata", "annotations", key)?.string?.isEmpty ?? true {
                errors.append(.required(FieldPath("metadata", "annotations").key(key)))
            }
        case "kubernetes.io/dockercfg": dockerConfig(data, ".dockercfg", path, &errors)
        case "kubernetes.io/dockerconfigjson": dockerConfig(data, ".dockerconfigjson", path, &errors)
        case "kubernetes.io/basic-auth":
            if data?["username"] == nil, data?["password"] == nil { require("username", "password") }
        case "kubernetes.io/ssh-auth":
            if data?.text("ssh-privatekey").isEmpty ?? true {
                errors.append(.required(path.key("ssh-privatekey")))
            }
        case "kubernetes.io/tls": require("tls.crt", "tls.key")
        default: break
        }
        return errors
    }

    private static func dockerConfig(_ data: JSON?, _ key: String, _ path: FieldPath, _ errors: inout Errors)
    {
        guard let text = data?[key]?.string else {
            errors.append(.required(path.key(key)))
            return
        }
        let bytes = Base64.decode(text) ?? []
        let words: String?
        if bytes.isEmpty {
            words = "unexpected end of JSON input"
        } else {
            do {
                let value = try JSONParser.parse(bytes)
                words =
                    value.object != nil || value.isNull
                    ? nil
                    : "json: cannot unmarshal \(value.typeName) into Go value of type map[string]interface {}"
            } catch {
                words = "\(error)"
            }
        }
        if let words {
            errors.append(.invalid(path.key(key), "<secret contents redacted>", words))
        }
    }

    /// `stringData` is for writing only: its texts replace values of `data`.
    private static func writeStringData(_ secret: inout JSON) {
        guard let texts = secret["stringData"]?.object else { return }
        secret.drop("stringData")
        if texts.isEmpty { return }
        if secret["data"] == nil { secret["data"] = .object([:]) }
        secret.change("data") { data in
            for (key, value) in texts { data[key] = .string(Base64.encode(Array((value.string ?? "").utf8))) }
        }
    }
}

/// Standard base64 (RFC 4648, section 4), as Go writes bytes in JSON.
enum Base64 {
    private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func encode(_ bytes: [UInt8]) -> String {
        var output: [UInt8] = []
        output.reserveCapacity((bytes.count + 2) / 3 * 4)
        var index = 0
        while index < bytes.count {
            let count = min(3, bytes.count - index)
            var group = UInt32(bytes[index]) << 16
            if count > 1 { group |= UInt32(bytes[index + 1]) << 8 }
            if count > 2 { group |= UInt32(bytes[index + 2]) }
            output.append(digits[Int(group >> 18)])
            output.append(digits[Int(group >> 12 & 63)])
            output.append(count > 1 ? digits[Int(group >> 6 & 63)] : 0x3D)
            output.append(count > 2 ? digits[Int(group & 63)] : 0x3D)
            index += 3
        }
        return String(decoding: output, as: UTF8.self)
    }

    static func decode(_ text: String) -> [UInt8]? {
        var output: [UInt8] = []
        var group: UInt32 = 0
        var bits = 0
        for byte in text.utf8 where byte != 0x3D && byte != 0x0A && byte != 0x0D {
            let value: UInt32
            switch byte {
            case 0x41...0x5A: value = UInt32(byte - 0x41)
            case 0x61...0x7A: value = UInt32(byte - 0x61) + 26
            case 0x30...0x39: value = UInt32(byte - 0x30) + 52
            case 0x2B: value = 62
            case 0x2F: value = 63
            default: return nil
            }
            group = group << 6 | value
            bits += 6
            if bits >= 8 {
                bits -= 8
                output.append(UInt8(group >> UInt32(bits) & 0xFF))
                group &= (1 << UInt32(bits)) - 1
            }
        }
        return output
    }

    /// The count of bytes that a text stands for, without decoding it.
    static func decodedCount(_ text: String) -> Int {
        let count = text.utf8.count
        let padding = text.hasSuffix("==") ? 2 : text.hasSuffix("=") ? 1 : 0
        return max(count / 4 * 3 - padding, 0)
    }
}
