import Rules

extension Configuration {
  /// What is configured, line by line: numbers, choices and whether something is set, and nothing
  /// of what it is set to that names a person, a place or a secret.
  var outline: [String] {
    general + places + sites.enumerated().flatMap { Self.outline(of: $1, number: $0 + 1) }
  }

  private var general: [String] {
    [
      "demo: \(isDemo)", "poll_seconds: \(pollSeconds)", "pages_per_second: \(pagesPerSecond)",
      "connections: \(connectionsMax)", "require_second_factor: \(requiresFactor)",
      "log_format: \(logsJSON ? "json" : "text")", "log_level: \(logLevel)",
      "theme_library_mib: \(themeLibraryBytesMax >> 20)",
      "listen: \(SelfCheck.isLoopback(address) ? "loopback" : "beyond loopback")",
      "trusted_proxies: \(trustedProxies.count)",
      Self.isSet("tls", tls), Self.isSet("  redirect", tls?.redirect),
      Self.isSet("spool", spool), Self.isSet("audit_key", auditKey),
      Self.isSet("factor_key", factorKey),
    ]
  }

  private var places: [String] {
    var lines = [
      Self.isSet("anchor", anchor), Self.isSet("stream", stream), Self.isSet("metrics", metrics),
      Self.isSet("replica", replica), Self.isSet("lease", lease), Self.isSet("backup", backup),
    ]
    if let backup {
      let isBucket = backup.place.hasPrefix(BackupPlace.scheme)
      lines += [
        "  to: \(isBucket ? "a bucket" : "a folder")",
        "  every_hours: \(backup.everyMs / Span.hour)",
        "  keep_days: \(backup.retention.keepMs / Span.day)",
        "  keep_at_least: \(backup.retention.least)", Self.isSet("  key_file", backup.keyFile),
      ]
    }
    lines.append(Self.isSet("notices", notices))
    if let notices {
      lines += [
        "  ways: \(notices.channels.map(\.rawValue).sorted().joined(separator: ", "))",
        Self.isSet("  smtp", notices.smtp),
      ]
    }
    lines.append(Self.isSet("openid", openID))
    if let openID { lines.append("  roles: \(openID.roles.count)") }
    return lines
  }

  private static func outline(of site: Site, number: Int) -> [String] {
    [
      "site \(number):", "  region: \(site.region)", "  cost_explorer: \(site.usesCostExplorer)",
      isSet("  profile", site.profile), isSet("  role", site.role),
      isSet("  run_role", site.runRole), isSet("  endpoint", site.endpoint),
      isSet("  ghost_endpoint", site.ghostEndpoint), isSet("  ca_file", site.caFile),
      isSet("  github_endpoint", site.githubEndpoint),
      isSet("  github_token_file", site.githubTokenFile),
      isSet("  ghost_key_file", site.ghostKeyFile),
      isSet("  ghost_staff_token_file", site.ghostStaffTokenFile),
    ]
  }

  private static func isSet(_ key: String, _ value: (some Any)?) -> String {
    "\(key): \(value == nil ? "not set" : "set")"
  }
}
