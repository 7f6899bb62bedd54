import JSON

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

// Why an input cannot be read at all, said once for all readers. Every message ends with the mend.
extension Refusal {
    static func cannotOpen(_ file: String, _ error: Int32) -> Refusal {
        switch error {
        case ENOENT:
            Refusal(
                code: "not-found", place: Place(file: file),
                message: "There is no such file. Give the path of the export, or - for standard input.")
        case EACCES, EPERM:
            Refusal(
                code: "not-readable", place: Place(file: file),
                message: "This account may not read the file. Change its permissions or owner.")
        default:
            Refusal(
                code: "not-readable", place: Place(file: file),
                message: "The file cannot be opened: \(String(cString: strerror(error))). Put that right and run again."
            )
        }
    }

    static func isDirectory(_ file: String) -> Refusal {
        Refusal(
            code: "not-a-file", place: Place(file: file),
            message: "This is a directory. Name the export files in it.")
    }

    static func cannotRead(_ file: String, _ error: Int32, byteOffset: Int) -> Refusal {
        Refusal(
            code: "not-readable", place: Place(file: file, byteOffset: byteOffset),
            message: "Reading stopped at byte \(byteOffset): \(String(cString: strerror(error))). Nothing of the file "
                + "was used. Copy the file to a healthy disk and run again.")
    }

    static func changedWhileRead(_ file: String, byteOffset: Int) -> Refusal {
        Refusal(
            code: "changed-while-read", place: Place(file: file, byteOffset: byteOffset),
            message: "The file grows or is replaced while it is read. Wait until the export is finished; let it be "
                + "written under another name and renamed at the end.")
    }

    static func emptyFile(_ file: String) -> Refusal {
        Refusal(
            code: "empty-file", place: Place(file: file),
            message: "The file is empty. That is never a wish to remove everybody: export again.")
    }

    static func binary(_ file: String, _ what: Signature.Binary) -> Refusal {
        let (name, mend) =
            switch what {
            case .zip: ("a ZIP archive or an .xlsx workbook", "Unpack it, or save the sheet as CSV (UTF-8).")
            case .gzip: ("compressed with gzip", "Unpack it with gunzip.")
            case .spreadsheet: ("an .xls workbook", "Save the sheet as CSV (UTF-8).")
            case .pdf: ("a PDF", "Export the users as CSV or JSON.")
            case .picture: ("a picture", "Export the users as CSV or JSON.")
            case .program: ("a program", "Export the users as CSV or JSON.")
            case .notText: ("not a text file", "Export the users as CSV or JSON.")
            }
        return Refusal(
            code: what.rawValue, place: Place(file: file, byteOffset: 0), message: "The file is \(name). \(mend)")
    }

    static func markup(_ file: String, _ what: Signature.Markup) -> Refusal {
        switch what {
        case .html:
            Refusal(
                code: "html", place: Place(file: file, line: 1),
                message: "The file is a web page, perhaps a sign-in page that was saved instead of the export. Sign in "
                    + "and download the export again.")
        case .xml:
            Refusal(
                code: "xml", place: Place(file: file, line: 1),
                message: "The file is XML, and user exports are CSV or JSON. Export again in one of these.")
        }
    }

    static func notUTF8(_ file: String, byteOffset: Int, line: Int?) -> Refusal {
        Refusal(
            code: "not-utf8", place: Place(file: file, line: line, byteOffset: byteOffset),
            message: "At byte \(byteOffset) the text is not UTF-8. Save the file as UTF-8, or say in the source how it "
                + "is encoded: `encoding: windows-1252`.")
    }

    static func notInEncoding(_ file: String, _ encoding: SourceEncoding, byteOffset: Int, line: Int?) -> Refusal {
        Refusal(
            code: "not-\(encoding.rawValue)", place: Place(file: file, line: line, byteOffset: byteOffset),
            message: "At byte \(byteOffset) the text is not \(encoding.rawValue). Save the file as UTF-8, or correct "
                + "the source's `encoding:`.")
    }

    static func wideWithoutMark(_ file: String, _ guess: SourceEncoding) -> Refusal {
        Refusal(
            code: "utf16-without-bom", place: Place(file: file, byteOffset: 0),
            message:
                "The file looks like UTF-16 without a byte order mark: every second byte is NUL. Save it as UTF-8, "
                + "or say `encoding: \(guess.rawValue)` in the source.")
    }
}

// CSV.
extension Refusal {
    static func truncatedInQuotes(_ file: String, line: Int, byteOffset: Int) -> Refusal {
        Refusal(
            code: "truncated-in-quotes", place: Place(file: file, line: line, byteOffset: byteOffset),
            message: "The file ends inside the quoted field that begins on line \(line), at byte \(byteOffset): it was "
                + "cut, or a quote is missing. Export or copy it again.")
    }

    static func truncatedRecord(_ file: String, line: Int, byteOffset: Int) -> Refusal {
        Refusal(
            code: "truncated-record", place: Place(file: file, line: line, byteOffset: byteOffset),
            message: "The last record, on line \(line), has too few fields and no line end: the file was cut at byte "
                + "\(byteOffset). Export or copy it again.")
    }

    static func recordTooLong(_ file: String, line: Int, byteOffset: Int, _ limit: Int) -> Refusal {
        Refusal(
            code: "record-too-long", place: Place(file: file, line: line, byteOffset: byteOffset),
            message: "The record that begins on line \(line), at byte \(byteOffset), is longer than \(limit) bytes: a "
                + "quote is probably not closed. Correct that line, or export again.")
    }

    static func noHeader(_ file: String, line: Int) -> Refusal {
        Refusal(
            code: "no-header", place: Place(file: file, line: line),
            message: "Line \(line) should hold the column names and is empty. Delete what stands before the header.")
    }

    static func badHeader(_ file: String, line: Int) -> Refusal {
        Refusal(
            code: "bad-header", place: Place(file: file, line: line),
            message: "In the header text follows after a closing quote. Double every quote inside a quoted name.")
    }

    static func nulInHeader(_ file: String, line: Int) -> Refusal {
        Refusal(
            code: "nul-byte", place: Place(file: file, line: line),
            message: "A NUL stands in the header. Export again as UTF-8 text.")
    }

    static func tooManyColumns(_ file: String, line: Int, _ count: Int, _ limit: Int) -> Refusal {
        Refusal(
            code: "too-many-columns", place: Place(file: file, line: line),
            message: "The header has \(count) columns; \(limit) is the limit. Export only the columns that are needed.")
    }
}

// JSON.
extension Refusal {
    static func json(_ file: String, _ error: JSONError, line: Int, byteOffset: Int) -> Refusal {
        let mend =
            switch error.code {
            case .syntax: "Export again; files edited by hand lose commas and quotes."
            case .truncated: "The file was cut: export or copy it again."
            case .duplicateMember: "Readers disagree on which of them counts: have the source write each name once."
            case .depth, .tooLong: "No identity provider writes this: export again."
            case .invalidUTF8: "Save the file as UTF-8."
            case .loneSurrogate: "Correct the text at the source and export again."
            }
        let code = error.code == .invalidUTF8 ? "not-utf8" : "json-\(error.code.rawValue)"
        return Refusal(
            code: code, place: Place(file: file, line: line, byteOffset: byteOffset),
            message: "On line \(line), at byte \(byteOffset), \(error.message). \(mend)")
    }

    static func notAnObject(_ file: String, line: Int, byteOffset: Int) -> Refusal {
        Refusal(
            code: "json-not-an-object", place: Place(file: file, line: line, byteOffset: byteOffset),
            message: "On line \(line), at byte \(byteOffset), something else than an object stands among the records. "
                + "Export users as objects.")
    }

    /// A record, all of it or its beginning, is above the limit. A quote or bracket too many may be the reason, so the
    /// part within the limit is looked at.
    static func elementTooLarge(
        _ file: String, _ bytes: UnsafeRawBufferPointer, _ limits: JSONReadingLimits, line: Int,
        byteOffset: (Int) -> Int
    ) -> Refusal {
        do throws(JSONError) {
            let part = UnsafeRawBufferPointer(rebasing: bytes.prefix(limits.elementBytes))
            _ = try JSON.parseBeginning(part, limits: limits.json, isUTF8: true)
        } catch {
            return json(file, error, line: line + error.line - 1, byteOffset: byteOffset(error.byteOffset))
        }
        return Refusal(
            code: "json-record-too-large", place: Place(file: file, line: line, byteOffset: byteOffset(0)),
            message: "The record that begins on line \(line), at byte \(byteOffset(0)), is longer than "
                + "\(limits.elementBytes) bytes. Leave photos and the like out of the export.")
    }
}
