import Testing
@testable import KubeJSON

@Suite struct KubeJSONSmoke {}
