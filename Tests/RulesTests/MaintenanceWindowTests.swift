import Rules
import Testing

/// The database's weekly window.
@Suite struct MaintenanceWindowTests {
  @Test(
    arguments: [
      ("wed:06:38-wed:07:08", "Wednesday 06:38 to 07:08 UTC"),
      ("sat:23:45-sun:00:15", "Saturday 23:45 to Sunday 00:15 UTC"),
      ("some day", "some day UTC"),
    ])
  func `the window is said in words`(raw: String, words: String) {
    var facts = EstateSamples.database
    facts.maintenanceWindow = raw
    #expect(facts.windowWords == words)
  }
}
