import Mustache

/// A report as one page: a file that holds everything and loads nothing (docs/formats.md).
enum HTMLReport {
    /// The summary is HTML and comes first, so that it is read before the lists are; those follow as data.
    static func write(_ report: Report, into sink: ([UInt8]) throws -> Void) throws {
        let assets = PageAssets(script: PackageResources.report_js)
        let page = ReportPage(report, assets)
        try sink(Array(PageTemplates.render(PackageResources.report_mustache, page).utf8))
        try ReportData.write(report, into: sink)
        try sink(Array("</script>\n</body>\n</html>\n".utf8))
    }
}

/// The templates (Mustache, which escapes every text where it stands) and the parts that they share.
enum PageTemplates {
    static func render(_ template: [UInt8], _ page: Any) throws -> String {
        var parts = MustacheLibrary()
        try parts.register(PageAssets.text(PackageResources.guard_mustache), named: "guard")
        try parts.register(PageAssets.text(PackageResources.chart_mustache), named: "chart")
        return try MustacheTemplate(string: PageAssets.text(template)).render(page, library: parts)
    }
}
