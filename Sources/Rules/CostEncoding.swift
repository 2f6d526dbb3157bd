extension Cost {
  init?(canonical value: Canonical) {
    guard let lines = value["lines"]?.list(CostLine.init(canonical:)),
      let priceDate = value["price_date"]?.text, let source = value["source"]?.text,
      let leftOut = value["left_out"]?.list({ $0.text })
    else { return nil }
    self.init(
      lines: lines, ranges: value["ranges"]?.list(CostRange.init(canonical:)) ?? [],
      priceDate: priceDate, source: source, bookDate: value["book_date"]?.text, leftOut: leftOut)
  }

  /// Without ranges, or prices of the book, their member is left out: plans made before there were
  /// any stay the same bytes.
  var canonical: Canonical {
    var members: [String: Canonical] = [
      "lines": .array(lines.map(\.canonical)), "price_date": .string(priceDate),
      "source": .string(source), "left_out": .array(leftOut.map(Canonical.string)),
    ]
    members["book_date"] = bookDate.map(Canonical.string)
    if !ranges.isEmpty { members["ranges"] = .array(ranges.map(\.canonical)) }
    return .object(members)
  }
}

extension CostRange {
  init?(canonical value: Canonical) {
    guard let label = value["label"]?.text, let unit = value["unit"]?.text,
      let most = value["milli_units_max"]?.number
    else { return nil }
    self.init(
      label: label, unit: unit, rate: value["rate_nano"]?.number.flatMap(Rate.init(nanoDollars:)),
      milliUnitsMax: most)
  }

  var canonical: Canonical {
    var members: [String: Canonical] = [
      "label": .string(label), "unit": .string(unit), "milli_units_max": .integer(milliUnitsMax),
    ]
    members["rate_nano"] = rate.map { .integer($0.nanoDollars) }
    return .object(members)
  }
}

extension CostLine {
  init?(canonical value: Canonical) {
    guard let label = value["label"]?.text, let unit = value["unit"]?.text,
      let before = value["milli_units_before"]?.number,
      let after = value["milli_units_after"]?.number
    else { return nil }
    self.init(
      label: label, unit: unit,
      rateBefore: value["rate_nano_before"]?.number.flatMap(Rate.init(nanoDollars:)),
      rateAfter: value["rate_nano_after"]?.number.flatMap(Rate.init(nanoDollars:)),
      milliUnitsBefore: before, milliUnitsAfter: after)
  }

  /// A rate that is not known is left out: absent and zero are different.
  var canonical: Canonical {
    var members: [String: Canonical] = [
      "label": .string(label), "unit": .string(unit),
      "milli_units_before": .integer(milliUnitsBefore),
      "milli_units_after": .integer(milliUnitsAfter),
    ]
    members["rate_nano_before"] = rateBefore.map { .integer($0.nanoDollars) }
    members["rate_nano_after"] = rateAfter.map { .integer($0.nanoDollars) }
    return .object(members)
  }
}
