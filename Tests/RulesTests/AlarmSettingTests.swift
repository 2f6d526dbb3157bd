import Testing

@testable import Rules

@Suite struct AlarmSettingTests {
  @Test(
    arguments: [
      ("0", 0), ("1", 1_000), ("0.1", 100), ("0.05", 50), ("85.125", 85_125), ("4", 4_000),
    ] as [(String, Int64)])
  func `decimal digits are thousandths, and thousandths are the same digits`(
    text: String, milli: Int64
  ) {
    #expect(AlarmSetting.milli(decimal: text) == milli)
    #expect(AlarmSetting.decimal(milli: milli) == text)
  }

  @Test(arguments: ["", ".", "1.", ".5", "-1", "1,5", "1.2345", "1e3", "99999999999999999999", "٣"])
  func `what is no number of at most three decimals is none`(text: String) {
    #expect(AlarmSetting.milli(decimal: text) == nil)
  }

  @Test(arguments: [0.05, 0.001, 80, 4_294_967_296])
  func `a number of CloudWatch's is the same thousandths`(number: Double) throws {
    let milli = try #require(AlarmSetting.milli(number))
    #expect(Double(AlarmSetting.decimal(milli: milli)) == number)
  }

  @Test func `a number that is not of thousandths is none`() {
    #expect(AlarmSetting.milli(0.00012) == nil)
    #expect(AlarmSetting.milli(.infinity) == nil)
    #expect(AlarmSetting.milli(.nan) == nil)
  }

  @Test func `every recommended alarm has a setting, told by its own words`() {
    let names = Dictionary(
      uniqueKeysWithValues: [
        RecommendedAlarm.Name.cluster, .service, .database, .balancer, .targetGroup, .certificate,
      ].map { ($0, "x") })
    let settings = RecommendedAlarm.allCases.compactMap {
      $0.setting(thresholdMilli: $0.kind.usualMilli, names: names)
    }
    #expect(settings.count == RecommendedAlarm.allCases.count)
    #expect(Set(settings.map(\.words)).count == settings.count)
    for setting in settings {
      let text = setting.description("It means something.")
      #expect(AlarmSetting.declared(in: text) == setting.words)
      #expect(text.count <= 1_024)
    }
    #expect(
      RecommendedAlarm.bounces.setting(thresholdMilli: 5_000, names: [:])?.threshold == "0.05")
    #expect(
      RecommendedAlarm.complaints.setting(thresholdMilli: 100, names: [:])?.threshold == "0.001")
    #expect(
      RecommendedAlarm.databaseStorage.setting(
        thresholdMilli: 4_000, names: [.database: "db"])?.threshold == "4294967296")
  }

  @Test func `an alarm of what a site does not have is none`() {
    #expect(RecommendedAlarm.certificate.setting(thresholdMilli: 30_000, names: [:]) == nil)
    #expect(RecommendedAlarm.latency.setting(thresholdMilli: .max, names: [.balancer: "b"]) == nil)
  }
}
