import ArgumentParser
import Foundation
import Logging
import Portal
import ServiceLifecycle
import UnixSignals

/// `caretaker conformance`: the HTTP server alone, for suites that test servers.
struct Conformance: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "conformance",
    abstract: "Serve what was understood of each request, to test the HTTP server by.",
    discussion: """
      Listens on loopback only and reads no configuration. / answers 200, /echo lists the header \
      fields of the request, /cookie its cookies, and whatever has a body gets it back.
      """)

  @Option(help: "The port; 0 for a free one.") var port = 0

  func run() async throws {
    let server = ConformanceServer(port: port)
    let port = try server.start()
    FileHandle.standardOutput.tell("ready http://127.0.0.1:\(port)\n")
    let services = ServiceGroup(
      services: [Echoing(server: server)], gracefulShutdownSignals: [.sigterm, .sigint],
      logger: Logger(label: "caretaker"))
    try await services.run()
  }

  /// The server as a service.
  private struct Echoing: Named {
    static let name = "conformance"
    let server: ConformanceServer

    func run() async throws {
      try await gracefulShutdown()
      await server.stop()
    }
  }
}
