import Foundation

// Benchmarks fill DATABASE COUNT   adds so many entries to the log of a portal that is not running
// Benchmarks appends DATABASE      measures; prints one line a figure: name and value, tab between
// Benchmarks rendering             measures; prints one line a figure, as above
// Benchmarks sweeps FILE COUNT S   polls every site of a configuration so many times, with so many
//                                  seconds between; prints one line each: wall and processor ms,
//                                  KiB of memory

let arguments = CommandLine.arguments.dropFirst()
switch (arguments.first, arguments.count) {
case ("fill", 3):
  guard let count = Int(CommandLine.arguments[3]) else { exit(64) }
  try Log.fill(CommandLine.arguments[2], count: count)
case ("appends", 2):
  let (log, bare, ratio) = try Appends.measure(CommandLine.arguments[2])
  let lines = """
    log_appends_per_s\t\(log)
    bare_transactions_per_s\t\(bare)
    log_appends_ratio_to_bare\t\(ratio)

    """
  FileHandle.standardOutput.write(Data(lines.utf8))
case ("rendering", 1):
  let (templateUs, byHandUs) = try Rendering.measure()
  let lines = "table_page_us\t\(templateUs)\ntable_page_us_by_hand\t\(byHandUs)\n"
  FileHandle.standardOutput.write(Data(lines.utf8))
case ("sweeps", 4):
  guard let count = Int(CommandLine.arguments[3]), let pauseS = Int(CommandLine.arguments[4])
  else { exit(64) }
  try await Sweeps.measure(CommandLine.arguments[2], count: count, pauseS: pauseS)
default:
  exit(64)
}
