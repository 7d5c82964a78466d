import "pretendard/dist/web/variable/pretendardvariable-dynamic-subset.css";
import "./ui/page.css";
import { createRoot } from "react-dom/client";
import { App } from "./app/App";

createRoot(document.getElementById("root")!).render(<App />);
