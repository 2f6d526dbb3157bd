import ArgumentParser
import Hummingbird
import Logging

/// The signed-in Resources page of the portal as somebody would serve it with Hummingbird,
/// swift-mustache and GRDB: the portal's own templates and style sheets, and rows that
/// docker/hummingbird.py has made ready to be printed.
@main
struct Peer: AsyncParsableCommand {
  @Option(help: "The port on loopback.") var port: Int
  @Option(help: "The SQLite database with the rows.") var database: String
  @Option(help: "The folder with Templates and Public.") var assets: String
  @Flag(help: "Print by the quickest way that swift-mustache has.") var fast = false

  func run() async throws {
    let pages = try Pages(templates: assets + "/Templates", isFast: fast)
    let store = try Store(database)
    let router = Router()
    router.addMiddleware { FileMiddleware(assets + "/Public", urlBasePath: "/public") }
    router.get("/resources") { [fast] request, _ in
      guard let token = request.cookies["session"]?.value, try await store.isSession(token) else {
        throw HTTPError(.unauthorized)
      }
      let text = pages.render(fast ? try await store.page() : try await store.dictionary())
      return Response(
        status: .ok, headers: [.contentType: "text/html; charset=utf-8"],
        body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
    var logger = Logger(label: "peer")
    logger.logLevel = .error
    let application = Application(
      router: router,
      configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: port)),
      logger: logger)
    try await application.runService()
  }
}
