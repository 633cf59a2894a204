import KubeJSON

extension FunctionTable {
    mutating func addNetworks() {
        function("ip", [.string], Self.ip, .traversal(0)) { args throws(EvaluationError) in
            .opaque(.ip(try NetworkFunctions.address(try args[0].asText())))
        }
        function("isIP", [.string], .bool, .traversal(0)) { args throws(EvaluationError) in
            .bool(IPAddress(try args[0].asText()) != nil)
        }
        function("ip.isCanonical", [.string], .bool, .traversal(0)) { args throws(EvaluationError) in
            let text = try args[0].asText()
            return .bool(sameText(try NetworkFunctions.address(text).text, text))
        }
        member("family", [Self.ip], .int) { args throws(EvaluationError) in
            .int(try args[0].asIP().isV4 ? 4 : 6)
        }
        let tests: [(String, @Sendable (IPAddress) -> Bool)] = [
            ("isUnspecified", { $0.isUnspecified }), ("isLoopback", { $0.isLoopback }),
            ("isLinkLocalMulticast", { $0.isLinkLocalMulticast }),
            ("isLinkLocalUnicast", { $0.isLinkLocalUnicast }), ("isGlobalUnicast", { $0.isGlobalUnicast }),
        ]
        for (name, test) in tests {
            member(name, [Self.ip], .bool) { args throws(EvaluationError) in
                .bool(test(try args[0].asIP()))
            }
        }
        function("cidr", [.string], Self.cidr, .traversal(0)) { args throws(EvaluationError) in
            .opaque(.cidr(try NetworkFunctions.network(try args[0].asText())))
        }
        function("isCIDR", [.string], .bool, .traversal(0)) { args throws(EvaluationError) in
            .bool(IPNetwork(try args[0].asText()) != nil)
        }
        member("containsIP", [Self.cidr, .string], .bool, .traversal(1)) { args throws(EvaluationError) in
            let address = try NetworkFunctions.address(try args[1].asText())
            return .bool(try args[0].asCIDR().contains(address))
        }
        member("containsIP", [Self.cidr, Self.ip], .bool) { args throws(EvaluationError) in
            .bool(try args[0].asCIDR().contains(try args[1].asIP()))
        }
        for other in [CELType.string, Self.cidr] {
            member("containsCIDR", [Self.cidr, other], .bool, .traversal(1)) { args throws(EvaluationError) in
                let network = try args[0].asCIDR()
                let other: IPNetwork
                if case .string(let text) = args[1] {
                    other = try NetworkFunctions.network(text)
                } else {
                    other = try args[1].asCIDR()
                }
                return .bool(other.length >= network.length && network.contains(other.address))
            }
        }
        member("ip", [Self.cidr], Self.ip) { args throws(EvaluationError) in
            .opaque(.ip(try args[0].asCIDR().address))
        }
        member("prefixLength", [Self.cidr], .int) { args throws(EvaluationError) in
            .int(Int64(try args[0].asCIDR().length))
        }
        member("masked", [Self.cidr], Self.cidr) { args throws(EvaluationError) in
            let network = try args[0].asCIDR()
            return .opaque(
                .cidr(IPNetwork(address: network.address.masked(network.length), length: network.length)))
        }
        addURLs()
    }

    private mutating func addURLs() {
        function("url", [.string], Self.url, .traversal(0)) { args throws(EvaluationError) in
            let text = try args[0].asText()
            guard let url = URLValue(text) else {
                throw .failure(
                    "URL parse error during conversion from string: parse \"\(text)\": invalid URI for request"
                )
            }
            return .opaque(.url(url))
        }
        function("isURL", [.string], .bool, .traversal(0)) { args throws(EvaluationError) in
            .bool(URLValue(try args[0].asText()) != nil)
        }
        let parts: [(String, @Sendable (URLValue) -> String)] = [
            ("getScheme", { $0.scheme }), ("getHost", { $0.host }), ("getHostname", { $0.hostname }),
            ("getPort", { $0.port }), ("getEscapedPath", { $0.escapedPath }),
        ]
        for (name, part) in parts {
            member(name, [Self.url], .string) { args throws(EvaluationError) in
                .string(part(try args[0].asURL()))
            }
        }
        member("getQuery", [Self.url], .map(.string, .list(.string))) { args throws(EvaluationError) in
            var entries = MapEntries()
            for (name, values) in try args[0].asURL().query {
                _ = try entries.insert(.string(name), .list(.values(values.map { .string($0) })))
            }
            return .map(.values(entries))
        }
    }

    mutating func addQuantities() {
        let type = Self.quantity
        function("quantity", [.string], type, .traversal(0)) { args throws(EvaluationError) in
            do {
                return .opaque(.quantity(try Quantity.parse(try args[0].asText())))
            } catch let error as QuantityError {
                throw .failure(error.description)
            } catch {
                throw .noSuchOverload
            }
        }
        function("isQuantity", [.string], .bool, .traversal(0)) { args throws(EvaluationError) in
            .bool(Quantity(try args[0].asText()) != nil)
        }
        // Upstream declares this one as a function of the world, not of the quantity; both are written.
        for isMember in [false, true] {
            let run: Overload.Implementation = { args throws(EvaluationError) in
                .int(Int64(try args[0].asQuantity().sign))
            }
            if isMember {
                member("sign", [type], .int, .fixed(1), run)
            } else {
                function("sign", [type], .int, .fixed(1), run)
            }
        }
        member("isInteger", [type], .bool) { args throws(EvaluationError) in
            let value = try args[0].asQuantity()
            return .bool(
                value.isWhole && value.compare(Quantity(.max)) <= 0 && value.compare(Quantity(.min)) >= 0)
        }
        member("asInteger", [type], .int) { args throws(EvaluationError) in
            let value = try args[0].asQuantity()
            guard value.isWhole, value.compare(Quantity(.max)) <= 0, value.compare(Quantity(.min)) >= 0 else {
                throw .failure("cannot convert value to integer")
            }
            return .int(value.wholeValue)
        }
        member("asApproximateFloat", [type], .double) { args throws(EvaluationError) in
            .double(try args[0].asQuantity().approximate)
        }
        member("isGreaterThan", [type, type], .bool) { args throws(EvaluationError) in
            .bool(try args[0].asQuantity().compare(try args[1].asQuantity()) > 0)
        }
        member("isLessThan", [type, type], .bool) { args throws(EvaluationError) in
            .bool(try args[0].asQuantity().compare(try args[1].asQuantity()) < 0)
        }
        member("compareTo", [type, type], .int) { args throws(EvaluationError) in
            .int(Int64(try args[0].asQuantity().compare(try args[1].asQuantity())))
        }
        for (name, isSum) in [("add", true), ("sub", false)] {
            for other in [type, .int] {
                member(name, [type, other], type) { args throws(EvaluationError) in
                    let value = try args[0].asQuantity()
                    let amount: Quantity
                    if case .int(let number) = args[1] {
                        amount = Quantity(number)
                    } else {
                        amount = try args[1].asQuantity()
                    }
                    return .opaque(.quantity(isSum ? value + amount : value - amount))
                }
            }
        }
        addVersions()
    }

    private mutating func addVersions() {
        let type = Self.semver
        for parameters in [[CELType.string], [.string, .bool]] {
            function("semver", parameters, type, .traversal(0)) { args throws(EvaluationError) in
                let normalizes = args.count > 1 ? try args[1].asBool() : false
                guard let version = SemanticVersion(try args[0].asText(), normalizes: normalizes) else {
                    throw .failure("invalid semver: \(args[0].shown)")
                }
                return .opaque(.semver(version))
            }
            function("isSemver", parameters, .bool, .traversal(0)) { args throws(EvaluationError) in
                let normalizes = args.count > 1 ? try args[1].asBool() : false
                return .bool(SemanticVersion(try args[0].asText(), normalizes: normalizes) != nil)
            }
        }
        let parts: [(String, @Sendable (SemanticVersion) -> UInt64)] = [
            ("major", { $0.major }), ("minor", { $0.minor }), ("patch", { $0.patch }),
        ]
        for (name, part) in parts {
            member(name, [type], .int) { args throws(EvaluationError) in
                .int(Int64(truncatingIfNeeded: part(try args[0].asVersion())))
            }
        }
        member("compareTo", [type, type], .int) { args throws(EvaluationError) in
            .int(Int64(try args[0].asVersion().compare(try args[1].asVersion())))
        }
        member("isGreaterThan", [type, type], .bool) { args throws(EvaluationError) in
            .bool(try args[0].asVersion().compare(try args[1].asVersion()) > 0)
        }
        member("isLessThan", [type, type], .bool) { args throws(EvaluationError) in
            .bool(try args[0].asVersion().compare(try args[1].asVersion()) < 0)
        }
    }

    mutating func addFormats() {
        for (name, format) in NamedFormat.all {
            function("format." + name, [], Self.format) { args throws(EvaluationError) in
                .opaque(.format(format))
            }
        }
        function("format.named", [.string], .optional(Self.format)) { args throws(EvaluationError) in
            .optional(NamedFormat.all[try args[0].asText()].map { .opaque(.format($0)) })
        }
        member("validate", [Self.format, .string], .optional(.list(.string)), .format) {
            args throws(EvaluationError) in
            guard case .opaque(.format(let format)) = args[0] else { throw .noSuchOverload }
            let problems = format.problems(try args[1].asText())
            if problems.isEmpty { return .optional(nil) }
            return .optional(.list(.values(problems.map { .string($0) })))
        }
        function("jsonpatch.escapeKey", [.string], .string, .traversal(0)) { args throws(EvaluationError) in
            let text = try args[0].asText()
            return .string(TextFunctions.replace(TextFunctions.replace(text, "~", "~0", -1), "/", "~1", -1))
        }
    }

    mutating func addAuthorizer() {
        let authorizer = CELType.opaque("kubernetes.authorization.Authorizer")
        let path = CELType.opaque("kubernetes.authorization.PathCheck")
        let group = CELType.opaque("kubernetes.authorization.GroupCheck")
        let check = CELType.opaque("kubernetes.authorization.ResourceCheck")
        let decision = CELType.opaque("kubernetes.authorization.Decision")
        member("path", [authorizer, .string], path) { args throws(EvaluationError) in
            guard case .opaque(.authorizer(let authorizer)) = args[0] else { throw .noSuchOverload }
            return .opaque(.authorizerPath(authorizer, try args[1].asText()))
        }
        member("group", [authorizer, .string], group) { args throws(EvaluationError) in
            guard case .opaque(.authorizer(let authorizer)) = args[0] else { throw .noSuchOverload }
            var question = AuthorizerQuestion()
            question.isGroup = true
            question.group = try args[1].asText()
            return .opaque(.authorizerCheck(authorizer, question))
        }
        member("serviceAccount", [authorizer, .string, .string], authorizer) {
            args throws(EvaluationError) in
            guard case .opaque(.authorizer(let authorizer)) = args[0] else { throw .noSuchOverload }
            let (namespace, name) = (try args[1].asText(), try args[2].asText())
            return .opaque(.authorizer(authorizer.acting(asServiceAccount: name, in: namespace)))
        }
        member("resource", [group, .string], check) { args throws(EvaluationError) in
            guard case .opaque(.authorizerCheck(let authorizer, var question)) = args[0] else {
                throw .noSuchOverload
            }
            question.isGroup = false
            question.resource = try args[1].asText()
            return .opaque(.authorizerCheck(authorizer, question))
        }
        let fields: [(String, WritableKeyPath<AuthorizerQuestion, String> & Sendable)] = [
            ("subresource", \.subresource), ("namespace", \.namespace), ("name", \.name),
        ]
        for (name, field) in fields {
            member(name, [check, .string], check) { args throws(EvaluationError) in
                guard case .opaque(.authorizerCheck(let authorizer, var question)) = args[0] else {
                    throw .noSuchOverload
                }
                question[keyPath: field] = try args[1].asText()
                return .opaque(.authorizerCheck(authorizer, question))
            }
        }
        // Rules of RBAC know no selectors: what they allow is allowed with any.
        for name in ["fieldSelector", "labelSelector"] {
            member(name, [check, .string], check, .selector(1)) { args throws(EvaluationError) in args[0] }
        }
        // Upstream's price, which lets an expression ask twice.
        let price = CallCost.fixed(350_000)
        member("check", [path, .string], decision, price) { args throws(EvaluationError) in
            guard case .opaque(.authorizerPath(let authorizer, let path)) = args[0] else {
                throw .noSuchOverload
            }
            var question = AuthorizerQuestion()
            question.path = path
            question.verb = try args[1].asText()
            return .opaque(.decision(authorizer.decide(question)))
        }
        member("check", [check, .string], decision, price) { args throws(EvaluationError) in
            guard case .opaque(.authorizerCheck(let authorizer, var question)) = args[0] else {
                throw .noSuchOverload
            }
            question.verb = try args[1].asText()
            return .opaque(.decision(authorizer.decide(question)))
        }
        let answers: [(String, CELType, @Sendable (AuthorizerDecision) -> Value)] = [
            ("allowed", .bool, { .bool($0.isAllowed) }), ("reason", .string, { .string($0.reason) }),
            ("errored", .bool, { .bool($0.error != nil) }), ("error", .string, { .string($0.error ?? "") }),
        ]
        for (name, type, answer) in answers {
            member(name, [decision], type) { args throws(EvaluationError) in
                guard case .opaque(.decision(let decision)) = args[0] else { throw .noSuchOverload }
                return answer(decision)
            }
        }
    }
}

enum NetworkFunctions {
    static func address(_ text: String) throws(EvaluationError) -> IPAddress {
        if let address = IPAddress(text) { return address }
        if text.lowercased().hasPrefix("::ffff:") {
            throw .failure("IPv4-mapped IPv6 address \"\(text)\" is not allowed")
        }
        if text.contains("%") { throw .failure("IP address \"\(text)\" with zone value is not allowed") }
        throw .failure(
            "IP Address \"\(text)\" parse error during conversion from string: ParseAddr(\"\(text)\"): unable to parse IP"
        )
    }

    static func network(_ text: String) throws(EvaluationError) -> IPNetwork {
        guard let network = IPNetwork(text) else {
            let reason = text.contains("/") ? "ParseAddr" : "no '/'"
            throw .failure(
                "network address parse error during conversion from string: netip.ParsePrefix(\"\(text)\"): \(reason)"
            )
        }
        return network
    }
}

extension Quantity {
    /// The nearest floating-point number.
    var approximate: Double {
        let whole = Double(wholeValue)
        // Amounts that fit thousandths are taken from there.
        return whole.magnitude < 9e15 ? Double(milliValue) / 1000 : whole
    }
}
