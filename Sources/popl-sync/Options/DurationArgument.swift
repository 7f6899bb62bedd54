import ArgumentParser

/// `72h`, `3d` or `2w`: more than nothing, at most some eleven years in hours.
struct DurationArgument: ExpressibleByArgument {
    var hours: Int

    init?(argument: String) {
        guard let unit = argument.last, let factor = ["h": 1, "d": 24, "w": 168][unit],
            let number = Int(argument.dropLast()), number > 0, number <= 100_000
        else { return nil }
        hours = number * factor
    }

    var milliseconds: Int64 { Int64(hours) * 3_600_000 }
}
