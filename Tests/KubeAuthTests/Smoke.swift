import Testing
@testable import KubeAuth

@Suite struct KubeAuthSmoke {}
