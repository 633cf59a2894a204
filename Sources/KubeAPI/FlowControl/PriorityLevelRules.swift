import KubeJSON

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// PriorityLevelConfigurations (pkg/apis/flowcontrol/validation).
enum PriorityLevelRules {
    static func validate(_ object: JSON) -> Errors {
        var errors: Errors = []
        let path = FieldPath("spec")
        let spec = object["spec"] ?? [:]
        let type = spec.text("type")
        if (object.name == "exempt") != (type == "Exempt") {
            errors.append(
                .invalid(
                    path.child("type"), .string(type),
                    "type must be 'Exempt' if and only if name is 'exempt'"))
        }
        switch type {
        case "Exempt":
            if spec["limited"] != nil {
                errors.append(.forbidden(path.child("limited"), "must be nil if the type is not Limited"))
            }
            if let exempt = spec["exempt"] {
                shares(exempt, path.child("exempt"), &errors)
                percent(exempt, path.child("exempt"), &errors)
            }
        case "Limited":
            if spec["exempt"] != nil {
                errors.append(.forbidden(path.child("exempt"), "must be nil if the type is Limited"))
            }
            if let limited = spec["limited"] {
                Self.limited(limited, path.child("limited"), &errors)
            } else {
                errors.append(
                    .required(path.child("limited"), "must not be empty when type is Limited"))
            }
        default:
            errors.append(.notSupported(path.child("type"), .string(type), ["Exempt", "Limited"]))
        }
        if var fixed = FlowControlBootstrap.mandatory(level: object.name) {
            // How much of the exempt level others may borrow is the administrator's choice.
            if object.name == "exempt" { fixed["exempt"] = spec["exempt"] }
            if !FieldRules.same(spec, fixed) {
                errors.append(
                    .invalid(path, FlowControlForm.level(spec), FlowControlForm.fixedWords(object.name)))
            }
        }
        return errors + FlowSchemaRules.status(object)
    }

    private static func shares(_ level: JSON, _ path: FieldPath, _ errors: inout Errors) {
        guard let shares = level["nominalConcurrencyShares"]?.integer, shares < 0 else { return }
        errors.append(
            .invalid(
                path.child("nominalConcurrencyShares"), .integer(shares), "must be a non-negative integer"))
    }

    private static func percent(_ level: JSON, _ path: FieldPath, _ errors: inout Errors) {
        guard let percent = level["lendablePercent"]?.integer, !(0...100).contains(percent) else { return }
        errors.append(
            .invalid(
                path.child("lendablePercent"), .integer(percent), "must be between 0 and 100, inclusive"))
    }

    private static func limited(_ limited: JSON, _ path: FieldPath, _ errors: inout Errors) {
        shares(limited, path, &errors)
        response(limited["limitResponse"] ?? [:], path.child("limitResponse"), &errors)
        percent(limited, path, &errors)
        if let limit = limited["borrowingLimitPercent"]?.integer, limit < 0 {
            errors.append(
                .invalid(
                    path.child("borrowingLimitPercent"), .integer(limit),
                    "if specified, must be a non-negative integer"))
        }
    }

    private static func response(_ response: JSON, _ path: FieldPath, _ errors: inout Errors) {
        switch response.text("type") {
        case "Reject":
            if response["queuing"] != nil {
                errors.append(
                    .forbidden(
                        path.child("queuing"),
                        "must be nil if limited.limitResponse.type is not Limited"))
            }
        case "Queue":
            if let queuing = response["queuing"] {
                Self.queuing(queuing, path.child("queuing"), &errors)
            } else {
                errors.append(
                    .required(
                        path.child("queuing"),
                        "must not be empty if limited.limitResponse.type is Limited"))
            }
        case let type:
            errors.append(.notSupported(path.child("type"), .string(type), ["Queue", "Reject"]))
        }
    }

    private static func queuing(_ queuing: JSON, _ path: FieldPath, _ errors: inout Errors) {
        func fail(_ key: String, _ words: String) {
            errors.append(.invalid(path.child(key), .integer(queuing.number(key)), words))
        }
        let (queues, hand) = (queuing.number("queues"), queuing.number("handSize"))
        if queuing.number("queueLengthLimit") <= 0 { fail("queueLengthLimit", "must be positive") }
        if queues <= 0 {
            fail("queues", "must be positive")
        } else if queues > 10_000_000 {
            fail("queues", "must not be greater than 10000000")
        }
        if hand <= 0 {
            fail("handSize", "must be positive")
        } else if hand > queues {
            fail("handSize", "should not be greater than queues (\(queues))")
        } else if log2(Double(queues)) * Double(hand) > 60 {
            // Dealing a hand of queues takes that many bits of a flow's hash.
            fail(
                "handSize",
                "required entropy bits of deckSize \(queues) and handSize \(hand) should not be greater than 60"
            )
        }
    }
}
