import Testing
@testable import AegisSimulation
