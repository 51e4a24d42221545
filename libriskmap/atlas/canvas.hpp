// SPDX-License-Identifier: MIT
// Private: a page to draw on, in millimetres from its upper left corner: PNG, PDF or SVG.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <riskmap/atlas/style.hpp>
#include <riskmap/core/file.hpp>
#include <riskmap/geo/geometry.hpp>

namespace riskmap::atlas {

/// A rectangle on the page in mm; y runs down.
struct Rect {
    double x = 0;
    double y = 0;
    double width = 0;
    double height = 0;

    [[nodiscard]] double right() const noexcept { return x + width; }
    [[nodiscard]] double bottom() const noexcept { return y + height; }
    [[nodiscard]] Rect inset(double by) const noexcept {
        return {x + by, y + by, width - 2 * by, height - 2 * by};
    }
};

struct Size {
    double width = 0;
    double height = 0;
};

enum class Align { left, centre, right };

struct TextLook {
    double size = 2.5; ///< mm
    bool bold = false;
    Colour colour = {26, 26, 26};
    Align align = Align::left;
    double most_width = 0; ///< mm; 0: as wide as it gets
    int most_lines = 1;    ///< beyond them the text ends in an ellipsis
    double halo = 0;       ///< mm of white around the letters
    bool upwards = false;  ///< from the bottom to the top of the page
};

/// Pixels, row by row from the top; `alpha` 0 is nothing.
struct Image {
    struct Pixel {
        std::uint8_t red = 0;
        std::uint8_t green = 0;
        std::uint8_t blue = 0;
        std::uint8_t alpha = 0;
    };
    int columns = 0;
    int rows = 0;
    std::vector<Pixel> pixels;
};

/// Sizes of texts, the same whatever they are drawn on. One per thread.
class TextRuler {
  public:
    TextRuler();
    ~TextRuler();
    [[nodiscard]] Size measure(const std::string& text, const TextLook& look) const;

  private:
    struct State;
    std::unique_ptr<State> m_state;
};

class Canvas {
  public:
    /// The format goes by the extension of `target`: .png (at `dpi`), .pdf, .svg.
    /// \throws Error{usage} for others, Error{input} for pages beyond 30,000 pixels a side.
    Canvas(const std::filesystem::path& target, Size page, double dpi);
    ~Canvas();
    Canvas(const Canvas&) = delete;
    Canvas& operator=(const Canvas&) = delete;

    void begin_clip(const Rect& rect);
    void begin_clip(std::span<const MultiPolygon> shapes);
    void end_clip();

    void fill(const Rect& rect, Colour colour, double opacity = 1);
    void outline(const Rect& rect, Colour colour, double width);
    void fill(const MultiPolygon& shape, Colour colour, double opacity = 1);
    void line(std::span<const Point> points, Colour colour, double width,
              std::span<const double> dashes = {});
    void outline(const MultiPolygon& shape, Colour colour, double width,
                 std::span<const double> dashes = {});
    /// A point symbol; with a thin white edge, so that it shows on any ground.
    void mark(Point at, const Symbol& symbol, double scale = 1);
    /// Pixels keep their edges.
    void image(const Image& image, const Rect& rect);
    /// The upper edge of the text stands at `at`, its left, middle or right side by `look.align`;
    /// of upwards text, its left edge and its lower end, middle or upper end. Returns the room
    /// taken, as for level text. Right-to-left text runs as it should.
    Size text(Point at, const std::string& text, const TextLook& look);

    /// The next page of a PDF.
    void new_page(Size page);
    /// Title and maker of a PDF; no dates, so that its bytes repeat.
    void describe(const std::string& title, const std::string& author);

    /// What the file will hold; the canvas is finished.
    [[nodiscard]] std::string bytes();
    /// Writes the file.
    void commit();

  private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace riskmap::atlas
