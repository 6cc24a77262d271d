#include "ui/console/window.h"

#include "ui/console/colours.h"

#include <SDL2/SDL.h>
#include <SDL2/SDL_opengl.h>

#include <imgui_impl_opengl2.h>
#include <imgui_impl_opengl3.h>
#if __has_include(<imgui_impl_sdl2.h>)
#include <imgui_impl_sdl2.h>
#else
#include <imgui_impl_sdl.h>
#endif
#include <array>
#include <optional>
#include <png.h>
#include <vector>

namespace basalt::console {
namespace {

constexpr std::array font_files{"/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
                                "/usr/share/fonts/dejavu/DejaVuSans.ttf"};

Error no_window(std::string why) {
    return {ErrorCode::missing, "The console's window cannot be opened: " + std::move(why) + ".",
            "Run without it: basalt run --headless", 0};
}

std::optional<Key> key_of(SDL_Keycode code) noexcept {
    switch (code) {
        case SDLK_F1:
            return Key::stop;
        case SDLK_F2:
            return Key::language;
        case SDLK_F3:
            return Key::unit;
        case SDLK_F4:
            return Key::contrast;
        case SDLK_F5:
            return Key::quiet;
        case SDLK_F6:
            return Key::attack;
        case SDLK_F7:
            return Key::log_in;
        case SDLK_F8:
            return Key::bolus;
        case SDLK_F9:
            return Key::temporary;
        case SDLK_F10:
            return Key::emergency;
        case SDLK_F11:
            return Key::release;
        case SDLK_INSERT:
            return Key::second;
        case SDLK_F12:
            return Key::press;
        case SDLK_PAGEUP:
            return Key::badge_up;
        case SDLK_PAGEDOWN:
            return Key::badge_down;
        case SDLK_ESCAPE:
            return Key::escape;
        case SDLK_RETURN:
        case SDLK_KP_ENTER:
            return Key::enter;
        default:
            return std::nullopt;
    }
}

void paint(view::Theme theme) {
    using view::Role;
    ImGuiStyle& style = ImGui::GetStyle();
    style.WindowRounding = 0;
    style.ChildRounding = 10;
    style.FrameRounding = 8;
    style.WindowBorderSize = 0;
    style.ChildBorderSize = theme == view::Theme::high_contrast ? 2.F : 0.F;
    style.FrameBorderSize = theme == view::Theme::high_contrast ? 2.F : 0.F;
    style.WindowPadding = {16, 14};
    style.FramePadding = {14, 11};
    style.ItemSpacing = {12, 9};
    auto& c = style.Colors;
    c[ImGuiCol_WindowBg] = rgba(Role::background, theme);
    c[ImGuiCol_ChildBg] = rgba(Role::card, theme);
    c[ImGuiCol_PopupBg] = rgba(Role::card, theme);
    c[ImGuiCol_ModalWindowDimBg] = {0, 0, 0, 0.65F};
    c[ImGuiCol_Text] = rgba(Role::text, theme);
    c[ImGuiCol_Border] = rgba(Role::quiet, theme);
    c[ImGuiCol_Button] = rgba(Role::insulin, theme, 0.22F);
    c[ImGuiCol_ButtonHovered] = rgba(Role::insulin, theme, 0.38F);
    c[ImGuiCol_ButtonActive] = rgba(Role::insulin, theme, 0.55F);
    c[ImGuiCol_FrameBg] = rgba(Role::background, theme);
    c[ImGuiCol_FrameBgHovered] = rgba(Role::background, theme);
    c[ImGuiCol_FrameBgActive] = rgba(Role::background, theme);
    c[ImGuiCol_PlotHistogram] = rgba(Role::insulin, theme);
    c[ImGuiCol_NavHighlight] = rgba(Role::text, theme);
    c[ImGuiCol_ScrollbarBg] = rgba(Role::card, theme);
}

}  // namespace

struct Window::Handles {
    SDL_Window* window = nullptr;
    SDL_GLContext context = nullptr;
    bool modern = false;  // OpenGL 3.3 core; else OpenGL 2
    bool imgui = false;
    ~Handles() {
        if (imgui) {
            modern ? ImGui_ImplOpenGL3_Shutdown() : ImGui_ImplOpenGL2_Shutdown();
            ImGui_ImplSDL2_Shutdown();
            ImGui::DestroyContext();
        }
        if (context != nullptr) SDL_GL_DeleteContext(context);
        if (window != nullptr) SDL_DestroyWindow(window);
        SDL_QuitSubSystem(SDL_INIT_VIDEO);
    }
};

Window::Window() = default;
Window::~Window() = default;

Result<std::unique_ptr<Window>> Window::open(int width, int height, bool hidden) {
    SDL_SetHint(SDL_HINT_NO_SIGNAL_HANDLERS, "1");  // Ctrl-C is the run's, not the window's
    SDL_SetHint(SDL_HINT_VIDEO_X11_NET_WM_BYPASS_COMPOSITOR, "0");
    if (SDL_InitSubSystem(SDL_INIT_VIDEO) != 0) return std::unexpected{no_window(SDL_GetError())};
    std::unique_ptr<Window> out{new Window};
    out->handles_ = std::make_unique<Handles>();
    Handles& h = *out->handles_;
    const auto flags = static_cast<Uint32>(SDL_WINDOW_OPENGL | SDL_WINDOW_RESIZABLE | SDL_WINDOW_ALLOW_HIGHDPI) |
                       static_cast<Uint32>(hidden ? SDL_WINDOW_HIDDEN : SDL_WINDOW_SHOWN);
    for (const bool modern : {true, false}) {
        SDL_GL_SetAttribute(SDL_GL_CONTEXT_MAJOR_VERSION, modern ? 3 : 2);
        SDL_GL_SetAttribute(SDL_GL_CONTEXT_MINOR_VERSION, modern ? 3 : 1);
        SDL_GL_SetAttribute(SDL_GL_CONTEXT_PROFILE_MASK, modern ? SDL_GL_CONTEXT_PROFILE_CORE : 0);
        SDL_GL_SetAttribute(SDL_GL_DOUBLEBUFFER, 1);
        h.window = SDL_CreateWindow("Basalt - simulation, not a medical device", SDL_WINDOWPOS_CENTERED,
                                    SDL_WINDOWPOS_CENTERED, width, height, flags);
        if (h.window == nullptr) continue;
        h.context = SDL_GL_CreateContext(h.window);
        h.modern = modern;
        if (h.context != nullptr) break;
        SDL_DestroyWindow(h.window);
        h.window = nullptr;
    }
    if (h.context == nullptr)
        return std::unexpected{no_window(std::string{"there is no OpenGL here ("} + SDL_GetError() + ")")};
    SDL_SetWindowMinimumSize(h.window, 1100, 720);
    SDL_GL_SetSwapInterval(hidden ? 0 : 1);

    ImGui::CreateContext();
    ImGui_ImplSDL2_InitForOpenGL(h.window, h.context);
    h.modern ? ImGui_ImplOpenGL3_Init("#version 330 core") : ImGui_ImplOpenGL2_Init();
    h.imgui = true;
    ImGuiIO& io = ImGui::GetIO();
    io.IniFilename = nullptr;  // the console writes no file that nobody asked for
    io.ConfigFlags |= ImGuiConfigFlags_NavEnableKeyboard;
#if IMGUI_VERSION_NUM >= 18700
    io.ConfigInputTrickleEventQueue = false;  // Typing does that, for every release alike
#endif
    static constexpr ImWchar letters[] = {0x20, 0x17F, 0x2010, 0x2027, 0x2190, 0x2199, 0x25A0, 0x25FF, 0};
    static constexpr ImWchar digits[] = {0x20, 0x7E, 0};
    for (const char* file : font_files) {
        if (!std::filesystem::exists(file)) continue;
        out->fonts_ = {io.Fonts->AddFontFromFileTTF(file, 22, nullptr, letters),
                       io.Fonts->AddFontFromFileTTF(file, 34, nullptr, letters),
                       io.Fonts->AddFontFromFileTTF(file, 46, nullptr, letters),
                       io.Fonts->AddFontFromFileTTF(file, 150, nullptr, digits)};
        return out;
    }
    return std::unexpected{no_window("the package fonts-dejavu-core is missing")};
}

bool Window::wait(int milliseconds, bool settled) {
    SDL_Event event;
    bool acted = false;
    const int most = typing_.empty() ? milliseconds : 0;
    for (int got = SDL_WaitEventTimeout(&event, most); got != 0; got = SDL_PollEvent(&event)) {
        acted = true;
        if (event.type == SDL_QUIT) closed_ = true;
        // Whoever stops the insulin waits for nobody who typed before.
        if (typing_.add(event) && event.type == SDL_KEYDOWN && event.key.keysym.sym == SDLK_F1)
            keys_.push_back(Key::stop_now);
    }
    for (SDL_Event& next : typing_.take(settled)) {
        acted = true;
        // Turning over the badges takes the keys from no field: ImGui would move on by a page.
        const bool key_event = next.type == SDL_KEYDOWN || next.type == SDL_KEYUP;
        const auto code = key_event ? next.key.keysym.sym : SDLK_UNKNOWN;
        if (code != SDLK_PAGEUP && code != SDLK_PAGEDOWN) ImGui_ImplSDL2_ProcessEvent(&next);
        if (next.type != SDL_KEYDOWN) continue;
        if (const auto key = key_of(next.key.keysym.sym)) keys_.push_back(*key);
    }
    return acted;
}

void Window::call_it(const std::string& title) { SDL_SetWindowTitle(handles_->window, title.c_str()); }

void Window::begin_frame(view::Theme theme) {
    paint(theme);
    handles_->modern ? ImGui_ImplOpenGL3_NewFrame() : ImGui_ImplOpenGL2_NewFrame();
#if IMGUI_VERSION_NUM >= 18700
    ImGui_ImplSDL2_NewFrame();
#else
    ImGui_ImplSDL2_NewFrame(handles_->window);
#endif
    ImGui::NewFrame();
}

Result<void> Window::end_frame(const std::filesystem::path& picture) {
    ImGui::Render();
    int width = 0, height = 0;
    SDL_GL_GetDrawableSize(handles_->window, &width, &height);
    glViewport(0, 0, width, height);
    glClearColor(0, 0, 0, 1);
    glClear(GL_COLOR_BUFFER_BIT);
    handles_->modern ? ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData())
                     : ImGui_ImplOpenGL2_RenderDrawData(ImGui::GetDrawData());
    // Before it is shown: what a window that nobody sees has shown is not defined.
    auto saved = picture.empty() ? Result<void>{} : save_png(picture, width, height);
    SDL_GL_SwapWindow(handles_->window);
    return saved;
}

Result<void> Window::save_png(const std::filesystem::path& file, int width, int height) const {
    std::vector<std::uint8_t> pixels(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3);
    glPixelStorei(GL_PACK_ALIGNMENT, 1);
    glReadPixels(0, 0, width, height, GL_RGB, GL_UNSIGNED_BYTE, pixels.data());
    png_image image{};
    image.version = PNG_IMAGE_VERSION;
    image.width = static_cast<png_uint_32>(width);
    image.height = static_cast<png_uint_32>(height);
    image.format = PNG_FORMAT_RGB;
    // OpenGL's first row is the lowest: a negative stride turns the picture over.
    if (png_image_write_to_file(&image, file.c_str(), 0, pixels.data(), -width * 3, nullptr) == 0)
        return fail(ErrorCode::io, "The picture could not be written to " + file.string() + ".",
                    "Name a file in a folder that you may write to.");
    return {};
}

}  // namespace basalt::console
