import KubeJSON

/// FlowSchemas and PriorityLevelConfigurations: defaults, and which rules apply when.
enum FlowControlStrategies {
    static let schema = Strategy { strategy in
        strategy.setDefaults = { object in
            object.change("spec") { spec in
                if spec.number("matchingPrecedence") == 0 { spec["matchingPrecedence"] = 1000 }
            }
        }
        split(&strategy)
        strategy.validate = { FlowSchemaRules.validate($0) }
        strategy.validateUpdate = { new, _ in FlowSchemaRules.validate(new) }
        strategy.validateStatusUpdate = { new, _ in FlowSchemaRules.status(new) }
    }

    static let level = Strategy { strategy in
        strategy.setDefaults = { object in
            object.change("spec") { spec in
                if case .object = spec["exempt"] {
                    spec.change("exempt") { exempt in
                        exempt.fillAbsent("nominalConcurrencyShares", 0)
                        exempt.fillAbsent("lendablePercent", 0)
                    }
                }
                guard case .object = spec["limited"] else { return }
                spec.change("limited") { limited in
                    limited.fillAbsent("nominalConcurrencyShares", 30)
                    limited.fillAbsent("lendablePercent", 0)
                    limited.change("limitResponse") { response in
                        guard case .object = response["queuing"] else { return }
                        response.change("queuing") { queuing in
                            for (key, value) in [("queues", 64), ("handSize", 8), ("queueLengthLimit", 50)]
                            where queuing.number(key) == 0 {
                                queuing[key] = .integer(Int64(value))
                            }
                        }
                    }
                }
            }
        }
        split(&strategy)
        strategy.validate = { PriorityLevelRules.validate($0) }
        strategy.validateUpdate = { new, _ in PriorityLevelRules.validate(new) }
        strategy.validateStatusUpdate = { new, _ in FlowSchemaRules.status(new) }
    }

    private static func split(_ strategy: inout Strategy) {
        strategy.splitStatus()
        strategy.prepareForStatusUpdate = { object, old in
            Preparing.keepSpec(&object, old)
            Preparing.keepMetadata(
                &object, old, keys: ["labels", "annotations", "finalizers", "ownerReferences"])
        }
        strategy.hasGeneration = true
    }
}
