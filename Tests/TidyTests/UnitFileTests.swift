import Testing

/// The unit of systemd that comes along: what keeps the process in its own folder.
@Suite struct UnitFileTests {
  private static let lines = Set(
    Repository.text(of: "docker/caretaker.service").split(separator: "\n").map(String.init))

  @Test(arguments: [
    "User=caretaker", "NoNewPrivileges=yes", "CapabilityBoundingSet=", "ProtectSystem=strict",
    "ProtectHome=yes", "PrivateTmp=yes", "PrivateDevices=yes", "MemoryDenyWriteExecute=yes",
    "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX", "SystemCallFilter=@system-service",
    "UMask=0077", "LimitCORE=0",
  ])
  func `the unit takes from the process what it does not need`(line: String) {
    #expect(Self.lines.contains(line))
  }

  @Test func `a start under a lease waits for it, brings the copy back, and then opens it`() {
    let portal = Repository.text(of: "docker/standby/caretaker.conf").split(separator: "\n")
    let before = portal.filter { $0.hasPrefix("ExecStartPre=") }
    #expect(before.count == 1 && before[0].contains("=/opt/caretaker/stand-by "))
    // However long another portal works.
    #expect(portal.contains("TimeoutStartSec=infinity"))
    #expect(portal.contains("StartLimitIntervalSec=0"))
    #expect(portal.contains("After=multi-user.target"))
  }

  @Test func `under a lease Litestream runs while the portal works, and ends after it`() {
    let portal = Repository.text(of: "docker/standby/caretaker.conf")
    for (moment, verb) in [("ExecStartPost", "start"), ("ExecStopPost", "stop")] {
      let command = "\(verb) caretaker-replica.service\n"
      #expect(portal.contains("\n\(moment)=+-/usr/bin/systemctl --no-block \(command)"))
    }
    let copy = Repository.text(of: "docker/standby/caretaker-replica.conf")
    #expect(copy.contains("\nBefore=caretaker.service\n"))
    #expect(copy.contains("\nExecCondition="))
  }

  @Test func `the unit leaves it what it needs`() {
    // Its own folder, time to finish the call it is making, and threads that give way.
    #expect(Self.lines.contains("StateDirectory=caretaker"))
    #expect(Self.lines.contains("TimeoutStopSec=240"))
    let refused = Self.lines.filter { $0.hasPrefix("SystemCallFilter=~") }
    #expect(!refused.contains { $0.contains("@resources") })
  }
}
