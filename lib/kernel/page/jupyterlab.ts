// deno-lint-ignore-file camelcase -- names of messages and of the notebook format
/** The parts of JupyterLab 4.6 that the page extension uses. */

/** Calls its listeners with who sends it, and what. */
export interface Signal<Sender, Args> {
  connect(listener: (sender: Sender, args: Args) => void): void;
  disconnect(listener: (sender: Sender, args: Args) => void): void;
}

/** A message from the kernel. */
export interface Message {
  readonly header: { readonly msg_type: string; readonly msg_id?: string };
  readonly parent_header: { readonly msg_id?: string };
  readonly channel: string;
  readonly metadata: object;
  // deno-lint-ignore no-explicit-any -- every type of message has its own fields
  readonly content: any;
}

/** An output as the notebook format has it, with its `transient` field. */
export interface Output {
  readonly output_type: string;
  readonly [field: string]: unknown;
}

/** What handles the messages that answer one request. */
export interface Future {
  readonly msg: { readonly header: { readonly msg_id: string } };
  readonly isDisposed: boolean;
  readonly done: Promise<unknown>;
  onIOPub: (message: Message) => unknown;
  onReply: (message: Message) => unknown;
  onStdin: (message: Message) => unknown;
  /** Only of JupyterLab's own futures. */
  handleMsg?(message: Message): Promise<void>;
}

/** The connection of a page to a kernel. */
export interface Kernel {
  readonly name: string;
  readonly clientId: string;
  readonly username: string;
  readonly connectionStatus: "connected" | "connecting" | "disconnected";
  readonly status: string;
  readonly isDisposed: boolean;
  readonly spec: Promise<{ readonly metadata?: object } | undefined>;
  readonly iopubMessage: Signal<Kernel, Message>;
  readonly anyMessage: Signal<
    Kernel,
    { readonly msg: Message; readonly direction: "send" | "recv" }
  >;
  readonly statusChanged: Signal<Kernel, string>;
  reconnect(): Promise<void>;
  sendInputReply(content: unknown, parent: unknown): void;
  sendShellMessage(
    message: unknown,
    expectReply: boolean,
  ): { readonly done: Promise<Message> };
}

/** Which kernel a notebook has. */
export interface SessionContext {
  readonly session: { readonly kernel: Kernel | null } | null;
  readonly path: string;
  readonly isReady: boolean;
  readonly ready: Promise<void>;
  readonly isDisposed: boolean;
  readonly isTerminating: boolean;
  readonly connectionStatusChanged: Signal<SessionContext, string>;
  readonly kernelChanged: Signal<SessionContext, unknown>;
  changeKernel(kernel: { name: string } | { id: string }): Promise<unknown>;
}

/** A code cell of a notebook. */
export interface CodeCell {
  readonly isDisposed: boolean;
  readonly model: {
    readonly id: string;
    readonly type: string;
    trusted: boolean;
    executionCount: number | null;
    executionState: "idle" | "running";
    readonly outputs: {
      toJSON(): Output[];
      get(
        index: number,
      ): { readonly data: Record<string, unknown> } | undefined;
    };
  };
  readonly outputArea: {
    readonly node: HTMLElement;
    future: Future | undefined;
    reattachFuture(future: Future): void;
    readonly model: { clear(): void };
  };
}

/** A document and its file. */
export interface Context {
  readonly path: string;
  readonly ready: Promise<void>;
  readonly isDisposed: boolean;
  readonly canSave: boolean;
  readonly contentsModel: { readonly last_modified: string } | null;
  readonly model: { dirty: boolean };
  readonly sessionContext: SessionContext;
  save: () => Promise<void>;
}

/** A notebook as the page shows it. */
export interface NotebookPanel {
  readonly isDisposed: boolean;
  readonly disposed: Signal<NotebookPanel, void>;
  readonly node: HTMLElement;
  readonly content: { readonly widgets: readonly CodeCell[] };
  readonly context: Context;
  readonly sessionContext: SessionContext;
}

/** A dialog of the page. */
export interface Dialog {
  readonly node: HTMLElement;
  reject(): void;
}

/** A session as the server lists it. */
export interface SessionModel {
  readonly path: string;
  /** Of the notebook's file. */
  readonly name: string;
  readonly kernel: { readonly id: string } | null;
}

/** The application. */
export interface App {
  readonly serviceManager: {
    readonly serverSettings: { readonly baseUrl: string };
    readonly connectionFailure: Signal<unknown, unknown>;
    readonly sessions: {
      refreshRunning(): Promise<void>;
      running(): Iterable<SessionModel>;
    };
  };
}

/** The modules of JupyterLab that the extension is given. */
export interface Lab {
  readonly INotebookTracker: unknown;
  readonly IDocumentManager: unknown;
  readonly Dialog: {
    readonly tracker: { forEach(each: (dialog: Dialog) => void): void };
    readonly translator: {
      load(domain: string): { __(text: string, ...words: string[]): string };
    };
  };
  readonly NotebookActions: {
    readonly executionScheduled: Signal<
      unknown,
      { readonly notebook: NotebookPanel["content"] }
    >;
  };
  readonly KernelMessage: { createMessage(options: object): Message };
  readonly ServerConnection: {
    makeRequest(
      url: string,
      init: RequestInit,
      settings: App["serviceManager"]["serverSettings"],
    ): Promise<Response>;
  };
}
